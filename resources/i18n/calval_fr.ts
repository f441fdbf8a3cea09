<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="en_US">
<context>
    <name>@default</name>
    <message>
        <source>Compare satellite AOT with AERONET</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Matches satellite AOT (or water vapor) with the photometer observations around each overpass and says how well they agree. The match-up table holds accepted and rejected rows, each rejected one with its reason. Statistics come overall, per site, season, stability class, AOT bin, sensor and window: bias, standard deviation, RMSE, robust figures, correlations, shares within expected errors, and OLS, Deming and Theil-Sen lines, with 95 % intervals by month-block bootstrap.

Protocol after Ichoku et al. (2002) and Petrenko et al. (2012); accuracy, precision and uncertainty as in the ACIX exercise (Doxani et al. 2018).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} match-ups ({rejected} rows rejected): bias {bias:+.4f} [{low:+.4f}, {high:+.4f}], RMSE {rmse:.4f}, {share:.1f} % within the expected error.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One row per overpass and site (and window): the output of &apos;Extract AOT at sites&apos;, or any table with a time and a value; see the advanced parameters for other column names, other time formats and tables without a site column.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>aot: aerosol optical thickness (no unit). water_vapor: columnar water vapor, cm (= g/cm2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time window (minutes)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photometer observations up to this many minutes before and after the overpass are averaged. A wider window buys match-ups and costs accuracy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least number of photometer observations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overpasses with fewer observations in the time window are rejected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envelope of which the share of match-ups is reported: dark_target 0.05 + 0.15 AOT, sentinel2 0.03 + 0.10 AOT, gcos max(0.03, 10 %), gaw_goal 0.02 + 0.05 AOT, gaw_threshold 0.03 + 0.20 AOT. Water vapor always uses 0.2 cm + 10 %.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How times are written, in the terms of strptime (%Y%j%H%M, %d/%m/%Y %H:%M ...). Empty for ISO 8601. Times are UTC.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The site of all rows, for a table without a site column; where given, a site column is not looked at.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite column with the name of the site.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite column with the time, UTC.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite column with the value. The default means aot_mean for AOT and water_vapor_mean_cm for water vapor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET site column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET column with the name of the site.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET time column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET column with the time, UTC.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET value column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET column with the value. The default means aot for AOT and water_vapor_cm for water vapor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET time format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET site name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any: of each overpass the best level that has enough observations, never mixed. 1.5 or 2.0: only that level (level 2.0 has its final calibration).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest gap-filled share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share (0 to 1) of the window whose AOT may be interpolated; 0.2 and 0.6 are usual. Empty: no limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest cloud share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share (0 to 1) of the window that may be cloudy. Empty: no limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only stable conditions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window of stability (minutes)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minutes before and after the overpass in which the photometer&apos;s standard deviation is taken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest altitude difference (m)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Between pixel and photometer, meters; 200 is usual. Empty: no limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale height of the altitude correction (m)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Moves the photometer&apos;s value to the pixel&apos;s altitude by exp(-dz / H); H is 1500 to 2500 m for aerosol. Empty: no correction.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject clipped values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejects windows with pixels at the product&apos;s largest value (AOT 1.275 in 8-bit products).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One row per site and overpass</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlapping tiles of one datatake show the same site: the row with most valid pixels is used, the others are rejected as duplicates.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite window of the figures (m)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the table has windows of several sizes: the size that the figures use (the nearest one present). Empty: the middle one. All sizes are compared in the statistics table.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bootstrap replicates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of resamplings of site-months for the 95 % intervals; 0 for none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start of the random numbers: the same seed gives the same intervals.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One row per group (overall, site, season, stability, aot_bin, sensor, window), with intervals.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match-ups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One point per satellite row, accepted or rejected with the reason.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Self-contained page with the answer, figures, tables, parameters and inputs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted match-ups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected rows (of the window that is used)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bias: mean of satellite - AERONET</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard deviation of the differences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Root mean square difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean absolute difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pearson correlation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share within the expected error (%)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share within the GCOS requirement (%)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slope of the Deming line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Products</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AOT validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time-series anomalies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Radiometric calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image quality</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Elevation models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land cover</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HTML files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The raster {} cannot be opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The table {} of parameter {} cannot be opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check installation of the toolbox</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lists what the toolbox can use on this machine: QGIS, GDAL and the optional Python packages, with their versions, what each is needed for, and how to get what is missing. Nothing is installed or changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Packages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A table with one row per package: name, version, purpose, state and how to get it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same table as a page that can be sent to whoever helps with the installation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of missing packages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names of the missing packages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Some algorithms cannot run yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A, P, U</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy per bin at {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy per bin, all sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bin {group} (n = {count}): A {a}, P {p}, U {u}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} within the expected error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filters and statistics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stability</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest standard deviation of AERONET around the overpass that counts as a stable atmosphere. A share of the AOT itself (10 % unless the run said otherwise) is always allowed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gap-filled share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest gap-filled share of the satellite window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cloud share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest cloudy share of the satellite window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the settings of the run that made the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the qgis_process line that reproduces what is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a site on the map to show it here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>± {} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Half width of the time window around the overpass, in which AERONET is averaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark Target</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sentinel-2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GAW goal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GAW threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GCOS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sd ≤ {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>water vapor (g/cm²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AOT at 550 nm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET {reference} (n = {count}), satellite {satellite}, difference {difference}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rejected: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scatter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By AOT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site ranking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open match-ups…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load example data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the match-ups…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read match-ups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match satellite and AERONET</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No match-up passes the filters. Widen or reset them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Intervals of the statistics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ranking the sites…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rank the sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The command is on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no record of its inputs lies beside the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The time window can only be narrowed: {} Rows are filtered by their mean photometer time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reliability of the sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Typical error E (AOT, 90 % interval; smaller is better)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ranking is computed when this page is shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not ranked: {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{site}: E = {score} {interval}, tier {tier}, n = {count} in {months} months</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>P(among the best {k}) = {p}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite against AERONET</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show match-ups that a filter left out, in gray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date (UTC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time series at {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a match-up table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match-up tables in the project and opened before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a match-up table from a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a match-up table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match-ups that a filter left out, or without a value on one side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bias</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy: mean of satellite minus AERONET</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SD</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Precision: standard deviation of the differences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RMSE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uncertainty: root mean square of the differences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>R</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pearson&apos;s correlation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Within EE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share within the expected error, with Wilson&apos;s interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Within GCOS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share within max(0.03, 10 %), with Wilson&apos;s interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deming slope</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slope of the line that allows for errors on both sides</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A Python package cannot be loaded: {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On Debian and Ubuntu the package python3-pyqtgraph brings it. The algorithms of the toolbox work without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This panel needs pyqtgraph</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show everything again (dragging moves the plot, the wheel zooms)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the plot as a picture, or its numbers as a table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as {}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the plot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare AOT campaigns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compares the AOT errors of two campaigns that share no overpass, such as SPOT4 (Take5) 2013 and SPOT5 (Take5) 2015. Differences of bias, precision and spread come for common sites (the headline), for all sites, per AOT bin, and in equal classes of gap-filled share and stability. Figures are averaged with the AOT distribution of both campaigns together. Each difference has a 95 % interval from draws of months, a p-value (corrected by Holm&apos;s method over the bins), and the smallest difference that could have been found.

Test of spread after Brown and Forsythe (1974), 10.1080/01621459.1974.10482955.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match-ups of campaign A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A match-up table of the AOT comparison; differences are A minus B.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match-ups of campaign B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The match-up table of the other campaign, made with the same settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of campaign A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What tables and report call the first campaign.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of campaign B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What tables and report call the second campaign.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draws of months for the variances, 100 or more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start of the random draws: the same seed gives the same result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Differences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One row per scope and quantity, headline first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Differences with intervals, power, and the limits of what they say.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match-ups of campaign A in the headline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match-ups of campaign B in the headline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference of bias, A minus B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower bound of the difference of bias</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upper bound of the difference of bias</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two-sided p-value of the difference of bias</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smallest detectable difference of bias</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ratio of precision, A over B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two-sided p-value of the ratio of precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scope of the headline numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The two campaigns have the same name: give each its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejects overpasses around which the photometer varies by more than the two bounds below (standard deviation). Otherwise stable and unstable are reported apart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stable: largest standard deviation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conditions are stable where the photometer&apos;s standard deviation is at most this (AOT without unit, water vapor in cm) or at most the share below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stable: largest relative standard deviation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share (0 to 1) of the photometer&apos;s mean; the larger of the two bounds counts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Extract AOT at sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reads the AOT and water vapor of L2A products around sites: mean, median, spread and gradient in square windows, and what the windows are made of (valid, cloudy and gap-filled shares, clipped and zero pixels). Products are found in folders, zip and tar archives: THEIA/MUSCATE, MAJA, SPOT Take5, Sen2Cor. Only the windows are read. Products that cannot be read are listed with the reason; products without AOT get rows that say so. The output goes into the AOT comparison.

Window statistics after Petrenko et al. (2012), 10.5194/amt-5-913-2012.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L2A product folders or archives (zip, tar, tgz), or folders that hold them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Points of the sites, or the output of the AERONET import: each distinct site name is used once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window widths (m)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full widths of square windows centered on the site, in meters, separated by commas. All of them come out of one read of the largest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mask policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which pixels are left out: none; clouds (clouds, their shadows, cirrus); clear_land (also snow, water, terrain shadow, low sun, saturation); strict (also thin clouds, gap-filled AOT and unclassified pixels).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column of the site names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empty: the column &apos;site&apos; or &apos;name&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Elevation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Terrain heights in meters; gives pixel_elevation_m, the mean height of each window, by which the comparison can filter or correct altitude differences.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AOT scale of N2A products</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Factor from stored numbers to AOT in SPOT Take5 products, whose metadata do not state it. More than 0, usually 0.001.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite AOT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Points at the sites, one row per product, site and window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unreadable products</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table of the products that could not be read, each with the reason.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Products read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Products that could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import AERONET observations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reads AERONET Version 3 files as they were downloaded and gives one row per observation, with AOT interpolated to the wavelength of the satellite product. Files of the download tool, the web service, the bulk archives and SDA are read, also as .gz, .zip and .tar. What cannot be used is listed with its reason; the rest counts. The table feeds &apos;Compare satellite AOT with AERONET&apos;. AERONET asks to acknowledge the principal investigators named in the log.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET files or folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files of AERONET (.lev10, .lev15, .lev20, text of the web service; also .gz, .zip, .tar), or folders: all AERONET files below them are read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wavelength of the AOT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nanometers, 340 to 1640: the wavelength at which the satellite product states its AOT, 550 for most products.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interpolation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How AOT at the wavelength is made from the channels: parabola in logarithms on exact wavelengths (quadratic, recommended) or on nominal ones (quadratic_nominal), straight line in logarithms (linear), or 500 nm and the Angstrom exponent 440-870 nm (angstrom). The choice moves AOT by up to 0.05.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quality level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which level to take: 2.0 is quality assured, 1.5 is cloud-cleared only. With &apos;any&apos;, level 2.0 replaces level 1.5 of the same site and day, and every row says its level.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET observations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Points: one row per observation, sorted by site and time (UTC).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A table of the files and lines that were not used, with the reasons.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of observations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of rejected lines and files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rank AERONET sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ranks AERONET sites by how reliable they are as reference for AOT products. The score of a site, in AOT units, joins the median and the scatter of its residuals; the bias that all sites share at the same AOT is taken off first. Scores are shrunk toward the network, and months are drawn anew to get 90 % intervals. Sites that cannot be told apart share a tier. Outliers, drift, steps at instrument changes and poor representativeness are flags beside the score. Sites with too little data are kept, with the reason.

Shrinkage after Efron and Morris (1975), 10.1080/01621459.1975.10479864.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The match-up table of the AOT comparison, best with many sites: the bias that is common to all sites needs at least four.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of the best group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least number of match-ups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sites with fewer match-ups are not ranked. With few match-ups the score mostly repeats the mean of the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least number of months</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sites with match-ups in fewer calendar months are not ranked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least number of seasons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sites with match-ups in fewer seasons are not ranked. 1 to 4.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET level that is used; match-ups of unknown level are always used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite window (m)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of the satellite window that is ranked, nearest size present. Empty: the middle size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draws of months for intervals and probabilities, 100 or more. More give steadier intervals and take longer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ranked sites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One point per site, ranked ones first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ranking with intervals, tiers, flags, and the limits of what it says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Site with the smallest score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} is not ranked: {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No site has enough match-ups to be ranked; the table says why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Catalog products</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Walks folders and lists the satellite products in them as polygons: reader, sensor, level, tile or site, time, cloud share, baseline and path. Zip and tar archives are looked into without unpacking. Known are THEIA/MUSCATE L2A and L3A, MAJA&apos;s native format, THEIA N2A (SPOT4 and SPOT5 Take5, Landsat), Sentinel-2 SAFE L1C and L2A, and Landsat with MTL. What looks like a product and cannot be read gets a row with the reason and no geometry. Only metadata are read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders, archives or products</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders are searched with everything below them; single products, archives (.zip, .tar, .tar.gz, .tgz) and metadata files can be given too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Catalog</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Polygons in longitude and latitude, one row per product; &apos;status&apos; is &apos;ok&apos; or the reason why a product cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of readable products</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of unreadable products</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give at least one folder, archive or product.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load product</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writes the bands of a product as one raster in real units (reflectance, AOT, water vapor in cm), with scale, offset and no data taken from the product&apos;s own metadata and masked pixels set to no data by the chosen policy. With the policy &apos;none&apos; and an output ending in .vrt nothing is copied: the virtual raster points at the product&apos;s own files. All formats of &apos;Catalog products&apos; are read, also from zip and tar archives.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Product</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The product&apos;s folder, its zip or tar archive, or its main metadata file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names separated by commas, in the order of the output, such as B2,B3,B4,B8; &apos;aot&apos; and &apos;water_vapor&apos; too. Empty: all reflectances, slope-corrected ones where the product has both kinds (the others are called SRE_B2 or ENV_B2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What becomes no data: nothing; clouds, their shadows and cirrus; everything but clear land (also snow, water, terrain shadow, low sun, saturation); or strictly (also thin clouds, dark and gap-filled pixels).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which grid the output gets where the bands have several: the finest (coarser bands are repeated) or the coarsest (finer bands are averaged).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>32 bit floating point, one band per name, no data -9999; .tif or .vrt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 where the policy leaves a pixel out, else 0, on the grid of the output.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of bands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixels with values in all bands (percent)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixels left out by the policy (percent)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Acquisition time (UTC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy per bin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A (bias)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>P (sd)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>U (RMSE)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>WV (g/cm²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AOT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the match-up table that the algorithm “Compare satellite AOT with AERONET” wrote, or load the example data to see a finished case on the map and here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no record of the run that made this table, so no command to copy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The example is being made already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no site of the match-ups here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} is not in the toolbox</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AOT validation (simulated example)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Countries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET sites, ranked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Satellite products</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulating example data and running the algorithms on them…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulate example data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The example could not be made: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photometer observations: the output of &apos;Import AERONET observations&apos;, or any table with site, time and value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The probability of being among so many best sites is given for each site. Where no more sites than that are ranked, half of them make the group.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key}: tables cannot be written as &apos;{suffix}&apos;. Use one of: {known}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} is not where it was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The satellite table has no value (or no time) here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No photometer has this site&apos;s name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No photometer observation within the time window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photometer observations of another quality level only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewer photometer observations than asked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The satellite value is clipped at the product&apos;s upper bound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too large a share of the window is gap-filled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too large a share of the window is cloudy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The photometer&apos;s AOT varies too much around the overpass</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel and photometer differ too much in altitude</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another tile or product of the same overpass is used for this site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plots cannot be written as &apos;{}&apos;. Use .png, .svg or .csv.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} could not be written. Choose a folder that you may write to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This QGIS comes without Qt&apos;s SVG module: export as PNG instead.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
