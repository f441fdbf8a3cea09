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
        <source>Photometer observations: the output of &apos;Import AERONET&apos;, or any table with site, time and value.</source>
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
        <source>Rejects overpasses around which the photometer varies by more than 0.02 and more than 10 % (standard deviation). Otherwise stable and unstable are reported apart.</source>
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
        <source>Accuracy per AOT bin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A, P, U</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET AOT at 550 nm</source>
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
        <source>Accuracy (bias)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Precision (sd)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uncertainty (RMSE)</source>
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
        <source>Reset filters</source>
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
        <source>Open the match-up table that the algorithm “Compare AOT with AERONET” wrote, or load the example data to see a finished case on the map and here.</source>
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
        <source>The table has no record of the run that made it, so there is no command to copy.</source>
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
        <source>Satellite AOT at 550 nm</source>
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
        <source>AERONET at the overpass</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AERONET (1 of {} shown)</source>
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
</context>
</TS>
