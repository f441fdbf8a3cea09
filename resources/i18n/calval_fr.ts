<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="en_US">
<context>
    <name>@default</name>
    <message>
        <source>Compare satellite AOT with AERONET</source>
        <translation>Comparer l’AOT satellite à AERONET</translation>
    </message>
    <message>
        <source>Matches satellite AOT (or water vapor) with the photometer observations around each overpass and says how well they agree. The match-up table holds accepted and rejected rows, each rejected one with its reason. Statistics come overall, per site, season, stability class, AOT bin, sensor and window: bias, standard deviation, RMSE, robust figures, correlations, shares within expected errors, and OLS, Deming and Theil-Sen lines, with 95 % intervals by month-block bootstrap.

Protocol after Ichoku et al. (2002) and Petrenko et al. (2012); accuracy, precision and uncertainty as in the ACIX exercise (Doxani et al. 2018).</source>
        <translation>Apparie l’épaisseur optique des aérosols (AOT) ou la vapeur d’eau du satellite avec les observations du photomètre autour de chaque passage et dit à quel point elles concordent. Le tableau des appariements contient les lignes acceptées et les lignes rejetées, chacune de ces dernières avec sa raison. Les statistiques sont données pour l’ensemble, par site, saison, classe de stabilité, classe d’AOT, capteur et fenêtre : biais, écart-type, RMSE, indicateurs robustes, corrélations, parts dans les limites des erreurs attendues, et droites OLS (moindres carrés ordinaires), de Deming et de Theil-Sen, avec des intervalles de confiance à 95 % par bootstrap de blocs mensuels.

Protocole d’après Ichoku et al. (2002) et Petrenko et al. (2012) ; exactitude, précision et incertitude comme dans l’exercice ACIX (Doxani et al. 2018).</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>Écriture du rapport</translation>
    </message>
    <message>
        <source>{count} match-ups ({rejected} rows rejected): bias {bias}, RMSE {rmse:.4f}, {share:.1f} % within the expected error.</source>
        <translation>{count} appariements ({rejected} lignes rejetées) : biais {bias}, RMSE {rmse:.4f}, {share:.1f} % dans la limite de l’erreur attendue.</translation>
    </message>
    <message>
        <source>Satellite table</source>
        <translation>Tableau satellite</translation>
    </message>
    <message>
        <source>One row per overpass and site (and window): the output of &apos;Extract AOT at sites&apos;, or any table with a time and a value; see the advanced parameters for other column names, other time formats and tables without a site column.</source>
        <translation>Une ligne par passage et par site (et par fenêtre) : la sortie de 'Extraire l’AOT aux sites', ou tout tableau qui contient une date et une valeur ; voir les paramètres avancés pour d’autres noms de colonnes, d’autres formats de date et les tableaux sans colonne de site.</translation>
    </message>
    <message>
        <source>AERONET table</source>
        <translation>Tableau AERONET</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Grandeur</translation>
    </message>
    <message>
        <source>aot: aerosol optical thickness (no unit). water_vapor: columnar water vapor, cm (= g/cm2).</source>
        <translation>aot : épaisseur optique des aérosols (sans unité). water_vapor : contenu intégré en vapeur d’eau, cm (= g/cm2).</translation>
    </message>
    <message>
        <source>Time window (minutes)</source>
        <translation>Fenêtre temporelle (minutes)</translation>
    </message>
    <message>
        <source>Photometer observations up to this many minutes before and after the overpass are averaged. A wider window buys match-ups and costs accuracy.</source>
        <translation>Les observations du photomètre sont moyennées jusqu’à ce nombre de minutes avant et après le passage. Une fenêtre plus large donne davantage d’appariements, au prix de l’exactitude.</translation>
    </message>
    <message>
        <source>Least number of photometer observations</source>
        <translation>Nombre minimal d’observations du photomètre</translation>
    </message>
    <message>
        <source>Overpasses with fewer observations in the time window are rejected.</source>
        <translation>Les passages qui ont moins d’observations dans la fenêtre temporelle sont rejetés.</translation>
    </message>
    <message>
        <source>Expected error</source>
        <translation>Erreur attendue</translation>
    </message>
    <message>
        <source>Envelope of which the share of match-ups is reported: dark_target 0.05 + 0.15 AOT, sentinel2 0.03 + 0.10 AOT, gcos max(0.03, 10 %), gaw_goal 0.02 + 0.05 AOT, gaw_threshold 0.03 + 0.20 AOT. Water vapor always uses 0.2 cm + 10 %.</source>
        <translation>Enveloppe pour laquelle la part des appariements est indiquée : dark_target 0.05 + 0.15 AOT, sentinel2 0.03 + 0.10 AOT, gcos max(0.03, 10 %), gaw_goal 0.02 + 0.05 AOT, gaw_threshold 0.03 + 0.20 AOT. Pour la vapeur d’eau, c’est toujours 0.2 cm + 10 %.</translation>
    </message>
    <message>
        <source>How times are written, in the terms of strptime (%Y%j%H%M, %d/%m/%Y %H:%M ...). Empty for ISO 8601. Times are UTC.</source>
        <translation>Comment les dates sont écrites, dans les termes de strptime (%Y%j%H%M, %d/%m/%Y %H:%M ...). Vide pour ISO 8601. Les heures sont en UTC.</translation>
    </message>
    <message>
        <source>The site of all rows, for a table without a site column; where given, a site column is not looked at.</source>
        <translation>Le site de toutes les lignes, pour un tableau sans colonne de site ; s’il est donné, une colonne de site est ignorée.</translation>
    </message>
    <message>
        <source>Site column</source>
        <translation>Colonne du site</translation>
    </message>
    <message>
        <source>Satellite column with the name of the site.</source>
        <translation>Colonne du tableau satellite qui contient le nom du site.</translation>
    </message>
    <message>
        <source>Time column</source>
        <translation>Colonne de la date</translation>
    </message>
    <message>
        <source>Satellite column with the time, UTC.</source>
        <translation>Colonne du tableau satellite qui contient la date et l’heure, UTC.</translation>
    </message>
    <message>
        <source>Value column</source>
        <translation>Colonne de la valeur</translation>
    </message>
    <message>
        <source>Satellite column with the value. The default means aot_mean for AOT and water_vapor_mean_cm for water vapor.</source>
        <translation>Colonne du tableau satellite qui contient la valeur. La valeur par défaut signifie aot_mean pour l’AOT et water_vapor_mean_cm pour la vapeur d’eau.</translation>
    </message>
    <message>
        <source>Time format</source>
        <translation>Format de la date</translation>
    </message>
    <message>
        <source>Site name</source>
        <translation>Nom du site</translation>
    </message>
    <message>
        <source>AERONET site column</source>
        <translation>Colonne du site AERONET</translation>
    </message>
    <message>
        <source>AERONET column with the name of the site.</source>
        <translation>Colonne du tableau AERONET qui contient le nom du site.</translation>
    </message>
    <message>
        <source>AERONET time column</source>
        <translation>Colonne de la date AERONET</translation>
    </message>
    <message>
        <source>AERONET column with the time, UTC.</source>
        <translation>Colonne du tableau AERONET qui contient la date et l’heure, UTC.</translation>
    </message>
    <message>
        <source>AERONET value column</source>
        <translation>Colonne de la valeur AERONET</translation>
    </message>
    <message>
        <source>AERONET column with the value. The default means aot for AOT and water_vapor_cm for water vapor.</source>
        <translation>Colonne du tableau AERONET qui contient la valeur. La valeur par défaut signifie aot pour l’AOT et water_vapor_cm pour la vapeur d’eau.</translation>
    </message>
    <message>
        <source>AERONET time format</source>
        <translation>Format de la date AERONET</translation>
    </message>
    <message>
        <source>AERONET site name</source>
        <translation>Nom du site AERONET</translation>
    </message>
    <message>
        <source>AERONET level</source>
        <translation>Niveau AERONET</translation>
    </message>
    <message>
        <source>any: of each overpass the best level that has enough observations, never mixed. 1.5 or 2.0: only that level (level 2.0 has its final calibration).</source>
        <translation>any : pour chaque passage, le meilleur niveau qui a assez d’observations, sans jamais mélanger les niveaux. 1.5 ou 2.0 : uniquement ce niveau (le niveau 2.0 a son étalonnage définitif).</translation>
    </message>
    <message>
        <source>Largest gap-filled share</source>
        <translation>Part comblée maximale</translation>
    </message>
    <message>
        <source>Share (0 to 1) of the window whose AOT may be interpolated; 0.2 and 0.6 are usual. Empty: no limit.</source>
        <translation>Part (0 à 1) de la fenêtre dont l’AOT peut être interpolée pour combler des lacunes ; 0.2 et 0.6 sont usuels. Vide : pas de limite.</translation>
    </message>
    <message>
        <source>Largest cloud share</source>
        <translation>Part nuageuse maximale</translation>
    </message>
    <message>
        <source>Share (0 to 1) of the window that may be cloudy. Empty: no limit.</source>
        <translation>Part (0 à 1) de la fenêtre qui peut être nuageuse. Vide : pas de limite.</translation>
    </message>
    <message>
        <source>Only stable conditions</source>
        <translation>Conditions stables uniquement</translation>
    </message>
    <message>
        <source>Window of stability (minutes)</source>
        <translation>Fenêtre de stabilité (minutes)</translation>
    </message>
    <message>
        <source>Minutes before and after the overpass in which the photometer&apos;s standard deviation is taken.</source>
        <translation>Minutes avant et après le passage pour lesquelles l’écart-type du photomètre est calculé.</translation>
    </message>
    <message>
        <source>Largest altitude difference (m)</source>
        <translation>Différence d’altitude maximale (m)</translation>
    </message>
    <message>
        <source>Between pixel and photometer, meters; 200 is usual. Empty: no limit.</source>
        <translation>Entre le pixel et le photomètre, en mètres ; 200 est usuel. Vide : pas de limite.</translation>
    </message>
    <message>
        <source>Scale height of the altitude correction (m)</source>
        <translation>Hauteur d’échelle de la correction d’altitude (m)</translation>
    </message>
    <message>
        <source>Moves the photometer&apos;s value to the pixel&apos;s altitude by exp(-dz / H); H is 1500 to 2500 m for aerosol. Empty: no correction.</source>
        <translation>Ramène la valeur du photomètre à l’altitude du pixel par exp(-dz / H) ; H vaut 1500 à 2500 m pour les aérosols. Vide : pas de correction.</translation>
    </message>
    <message>
        <source>Reject clipped values</source>
        <translation>Rejeter les valeurs écrêtées</translation>
    </message>
    <message>
        <source>Rejects windows with pixels at the product&apos;s largest value (AOT 1.275 in 8-bit products).</source>
        <translation>Rejette les fenêtres dont des pixels ont la plus grande valeur du produit (AOT de 1.275 dans les produits à 8 bits).</translation>
    </message>
    <message>
        <source>Keep default values</source>
        <translation>Garder les valeurs par défaut</translation>
    </message>
    <message>
        <source>Uses windows that hold the constant AOT which some processors write where they could not retrieve any. Otherwise they are rejected (default_aot).</source>
        <translation>Utilise les fenêtres qui contiennent l’AOT constante que certains processeurs écrivent là où ils n’ont pas pu en restituer. Sinon, elles sont rejetées (default_aot).</translation>
    </message>
    <message>
        <source>One row per site and overpass</source>
        <translation>Une ligne par site et par passage</translation>
    </message>
    <message>
        <source>Overlapping tiles of one datatake show the same site: the row with most valid pixels is used, the others are rejected as duplicates.</source>
        <translation>Les tuiles d’une même prise de vue qui se recouvrent montrent le même site : la ligne qui a le plus de pixels valides est utilisée, les autres sont rejetées comme doublons.</translation>
    </message>
    <message>
        <source>Satellite window of the figures (m)</source>
        <translation>Fenêtre satellite des statistiques (m)</translation>
    </message>
    <message>
        <source>Where the table has windows of several sizes: the size that the figures use (the nearest one present). Empty: the middle one. All sizes are compared in the statistics table.</source>
        <translation>Si le tableau a des fenêtres de plusieurs tailles : la taille que les statistiques utilisent (la plus proche parmi celles présentes). Vide : la taille médiane. Toutes les tailles sont comparées dans le tableau des statistiques.</translation>
    </message>
    <message>
        <source>Bootstrap replicates</source>
        <translation>Tirages bootstrap</translation>
    </message>
    <message>
        <source>Number of resamplings of site-months for the 95 % intervals; 0 for none.</source>
        <translation>Nombre de rééchantillonnages des couples site-mois pour les intervalles à 95 % ; 0 pour aucun.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Graine</translation>
    </message>
    <message>
        <source>Start of the random numbers: the same seed gives the same intervals.</source>
        <translation>Départ des nombres aléatoires : la même graine donne les mêmes intervalles.</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statistiques</translation>
    </message>
    <message>
        <source>One row per group (overall, site, season, stability, aot_bin, sensor, window), with intervals.</source>
        <translation>Une ligne par groupe (overall, site, season, stability, aot_bin, sensor, window), avec les intervalles de confiance.</translation>
    </message>
    <message>
        <source>Match-ups</source>
        <translation>Appariements</translation>
    </message>
    <message>
        <source>One point per satellite row, accepted or rejected with the reason.</source>
        <translation>Un point par ligne satellite, acceptée ou rejetée avec la raison.</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Self-contained page with the answer, figures, tables, parameters and inputs.</source>
        <translation>Page autonome avec la réponse, les figures, les tableaux, les paramètres et les données d’entrée.</translation>
    </message>
    <message>
        <source>Accepted match-ups</source>
        <translation>Appariements acceptés</translation>
    </message>
    <message>
        <source>Rejected rows (of the window that is used)</source>
        <translation>Lignes rejetées (de la fenêtre utilisée)</translation>
    </message>
    <message>
        <source>Bias: mean of satellite - AERONET</source>
        <translation>Biais : moyenne de satellite - AERONET</translation>
    </message>
    <message>
        <source>Standard deviation of the differences</source>
        <translation>Écart-type des différences</translation>
    </message>
    <message>
        <source>Root mean square difference</source>
        <translation>Écart quadratique moyen (RMSE)</translation>
    </message>
    <message>
        <source>Mean absolute difference</source>
        <translation>Écart absolu moyen</translation>
    </message>
    <message>
        <source>Pearson correlation</source>
        <translation>Corrélation de Pearson</translation>
    </message>
    <message>
        <source>Share within the expected error (%)</source>
        <translation>Part dans la limite de l’erreur attendue (%)</translation>
    </message>
    <message>
        <source>Share within the GCOS requirement (%)</source>
        <translation>Part conforme à l’exigence GCOS (%)</translation>
    </message>
    <message>
        <source>Slope of the Deming line</source>
        <translation>Pente de la droite de Deming</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>Produits</translation>
    </message>
    <message>
        <source>AOT validation</source>
        <translation>Validation de l’AOT</translation>
    </message>
    <message>
        <source>Time-series anomalies</source>
        <translation>Anomalies de séries temporelles</translation>
    </message>
    <message>
        <source>Radiometric calibration</source>
        <translation>Étalonnage radiométrique</translation>
    </message>
    <message>
        <source>Image quality</source>
        <translation>Qualité image</translation>
    </message>
    <message>
        <source>Elevation models</source>
        <translation>Modèles numériques d’élévation</translation>
    </message>
    <message>
        <source>Land cover</source>
        <translation>Occupation du sol</translation>
    </message>
    <message>
        <source>HTML files</source>
        <translation>Fichiers HTML</translation>
    </message>
    <message>
        <source>The raster {} cannot be opened.</source>
        <translation>Le raster {} ne peut pas être ouvert.</translation>
    </message>
    <message>
        <source>The table {} of parameter {} cannot be opened.</source>
        <translation>Le tableau {} du paramètre {} ne peut pas être ouvert.</translation>
    </message>
    <message>
        <source>Check installation of the toolbox</source>
        <translation>Vérifier l’installation de la boîte à outils</translation>
    </message>
    <message>
        <source>Lists what the toolbox can use on this machine: QGIS, GDAL and the optional Python packages, with their versions, what each is needed for, and how to get what is missing. Nothing is installed or changed.</source>
        <translation>Dresse la liste de ce que la boîte à outils peut utiliser sur cette machine : QGIS, GDAL et les paquets Python optionnels, avec leur version, l’usage de chacun et la façon d’obtenir ce qui manque. Rien n’est installé ni modifié.</translation>
    </message>
    <message>
        <source>Packages</source>
        <translation>Paquets</translation>
    </message>
    <message>
        <source>A table with one row per package: name, version, purpose, state and how to get it.</source>
        <translation>Un tableau avec une ligne par paquet : nom, version, usage, état et façon de l’obtenir.</translation>
    </message>
    <message>
        <source>The same table as a page that can be sent to whoever helps with the installation.</source>
        <translation>Le même tableau sous la forme d’une page à envoyer à la personne qui aide à l’installation.</translation>
    </message>
    <message>
        <source>Number of missing packages</source>
        <translation>Nombre de paquets manquants</translation>
    </message>
    <message>
        <source>Names of the missing packages</source>
        <translation>Noms des paquets manquants</translation>
    </message>
    <message>
        <source>Some algorithms cannot run yet.</source>
        <translation>Certains algorithmes ne peuvent pas encore être exécutés.</translation>
    </message>
    <message>
        <source>A, P, U</source>
        <translation>A, P, U</translation>
    </message>
    <message>
        <source>Accuracy per bin at {}</source>
        <translation>Exactitude à {}</translation>
    </message>
    <message>
        <source>Accuracy per bin, all sites</source>
        <translation>Exactitude, tous les sites</translation>
    </message>
    <message>
        <source>AERONET {}</source>
        <translation>{}, AERONET</translation>
    </message>
    <message>
        <source>Bin {group} (n = {count}): A {a}, P {p}, U {u}</source>
        <translation>Classe {group} (n = {count}) : A {a}, P {p}, U {u}</translation>
    </message>
    <message>
        <source>{} within the expected error</source>
        <translation>{} dans la limite de l’erreur attendue</translation>
    </message>
    <message>
        <source>Filters and statistics</source>
        <translation>Filtres et statistiques</translation>
    </message>
    <message>
        <source>Stability</source>
        <translation>Stabilité</translation>
    </message>
    <message>
        <source>Largest standard deviation of AERONET around the overpass that counts as a stable atmosphere. A share of the AOT itself (10 % unless the run said otherwise) is always allowed.</source>
        <translation>Plus grand écart-type d’AERONET autour du passage pour lequel l’atmosphère est considérée comme stable. Une part de l’AOT elle-même (10 % sauf indication contraire de l’exécution) est toujours admise.</translation>
    </message>
    <message>
        <source>Gap-filled share</source>
        <translation>Part comblée</translation>
    </message>
    <message>
        <source>Largest gap-filled share of the satellite window</source>
        <translation>Plus grande part comblée (interpolée) de la fenêtre satellite</translation>
    </message>
    <message>
        <source>Cloud share</source>
        <translation>Part nuageuse</translation>
    </message>
    <message>
        <source>Largest cloudy share of the satellite window</source>
        <translation>Plus grande part nuageuse de la fenêtre satellite</translation>
    </message>
    <message>
        <source>Back to the settings of the run that made the table</source>
        <translation>Revenir aux réglages de l’exécution qui a produit le tableau</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Copier la commande</translation>
    </message>
    <message>
        <source>Copy the qgis_process line that reproduces what is shown</source>
        <translation>Copier la ligne qgis_process qui reproduit ce qui est affiché</translation>
    </message>
    <message>
        <source>On map</source>
        <translation>Carte</translation>
    </message>
    <message>
        <source>Click a site on the map to show it here</source>
        <translation>Cliquer sur un site de la carte pour l’afficher ici</translation>
    </message>
    <message>
        <source>Time window</source>
        <translation>Fenêtre temporelle</translation>
    </message>
    <message>
        <source>± {} min</source>
        <translation>± {} min</translation>
    </message>
    <message>
        <source>Half width of the time window around the overpass, in which AERONET is averaged</source>
        <translation>Demi-largeur de la fenêtre temporelle autour du passage, dans laquelle AERONET est moyenné</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Site</translation>
    </message>
    <message>
        <source>Satellite window</source>
        <translation>Fenêtre satellite</translation>
    </message>
    <message>
        <source>All sites</source>
        <translation>Tous les sites</translation>
    </message>
    <message>
        <source>Dark Target</source>
        <translation>Dark Target</translation>
    </message>
    <message>
        <source>Sentinel-2</source>
        <translation>Sentinel-2</translation>
    </message>
    <message>
        <source>GAW goal</source>
        <translation>GAW, objectif</translation>
    </message>
    <message>
        <source>GAW threshold</source>
        <translation>GAW, seuil</translation>
    </message>
    <message>
        <source>GCOS</source>
        <translation>GCOS</translation>
    </message>
    <message>
        <source>any</source>
        <translation>sans limite</translation>
    </message>
    <message>
        <source>sd ≤ {}</source>
        <translation>σ ≤ {}</translation>
    </message>
    <message>
        <source>water vapor (g/cm²)</source>
        <translation>Vapeur d’eau (g/cm²)</translation>
    </message>
    <message>
        <source>AOT at 550 nm</source>
        <translation>AOT à 550 nm</translation>
    </message>
    <message>
        <source>AERONET {reference} (n = {count}), satellite {satellite}, difference {difference}</source>
        <translation>AERONET {reference} (n = {count}), satellite {satellite}, différence {difference}</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>accepté</translation>
    </message>
    <message>
        <source>rejected: {}</source>
        <translation>rejeté : {}</translation>
    </message>
    <message>
        <source>Scatter</source>
        <translation>Dispersion</translation>
    </message>
    <message>
        <source>Time series</source>
        <translation>Série</translation>
    </message>
    <message>
        <source>By AOT</source>
        <translation>Par AOT</translation>
    </message>
    <message>
        <source>Site ranking</source>
        <translation>Classement</translation>
    </message>
    <message>
        <source>Open match-ups…</source>
        <translation>Ouvrir un tableau…</translation>
    </message>
    <message>
        <source>Load example data</source>
        <translation>Charger l’exemple</translation>
    </message>
    <message>
        <source>Saved {}</source>
        <translation>Enregistré : {}</translation>
    </message>
    <message>
        <source>Reading the match-ups…</source>
        <translation>Lecture des appariements…</translation>
    </message>
    <message>
        <source>Read match-ups</source>
        <translation>Lire les appariements</translation>
    </message>
    <message>
        <source>Match satellite and AERONET</source>
        <translation>Apparier le satellite et AERONET</translation>
    </message>
    <message>
        <source>No match-up passes the filters. Widen or reset them.</source>
        <translation>Aucun appariement ne passe les filtres. Élargissez-les ou réinitialisez-les.</translation>
    </message>
    <message>
        <source>Intervals of the statistics</source>
        <translation>Intervalles de confiance des statistiques</translation>
    </message>
    <message>
        <source>Ranking the sites…</source>
        <translation>Classement des sites en cours…</translation>
    </message>
    <message>
        <source>Rank the sites</source>
        <translation>Classer les sites</translation>
    </message>
    <message>
        <source>The command is on the clipboard.</source>
        <translation>La commande est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>no record of its inputs lies beside the table</source>
        <translation>aucune trace de ses données d’entrée ne se trouve à côté du tableau</translation>
    </message>
    <message>
        <source>The time window can only be narrowed: {} Rows are filtered by their mean photometer time.</source>
        <translation>La fenêtre temporelle ne peut être que réduite : {} Les lignes sont filtrées selon l’heure moyenne du photomètre.</translation>
    </message>
    <message>
        <source>Reliability of the sites</source>
        <translation>Fiabilité des sites</translation>
    </message>
    <message>
        <source>Typical error E (AOT, 90 % interval; smaller is better)</source>
        <translation>Erreur typique E (AOT, intervalle à 90 % ; plus petit = meilleur)</translation>
    </message>
    <message>
        <source>The ranking is computed when this page is shown.</source>
        <translation>Le classement est calculé lorsque cette page est affichée.</translation>
    </message>
    <message>
        <source>Not ranked: {}.</source>
        <translation>Non classés : {}.</translation>
    </message>
    <message>
        <source>{site}: E = {score} {interval}, tier {tier}, n = {count} in {months} months</source>
        <translation>{site} : E = {score} {interval}, palier {tier}, n = {count} en {months} mois</translation>
    </message>
    <message>
        <source>P(among the best {k}) = {p}</source>
        <translation>P(parmi les {k} meilleurs) = {p}</translation>
    </message>
    <message>
        <source>Satellite against AERONET</source>
        <translation>Satellite et AERONET</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Rejetés</translation>
    </message>
    <message>
        <source>Show match-ups that a filter left out, in gray</source>
        <translation>Afficher en gris les appariements écartés par un filtre</translation>
    </message>
    <message>
        <source>Satellite {}</source>
        <translation>{}, satellite</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Différence</translation>
    </message>
    <message>
        <source>Date (UTC)</source>
        <translation>Date (UTC)</translation>
    </message>
    <message>
        <source>Time series at {}</source>
        <translation>Série temporelle à {}</translation>
    </message>
    <message>
        <source>Satellite</source>
        <translation>Satellite</translation>
    </message>
    <message>
        <source>AERONET</source>
        <translation>AERONET</translation>
    </message>
    <message>
        <source>Choose a match-up table</source>
        <translation>Choisir un tableau d’appariements</translation>
    </message>
    <message>
        <source>Match-up tables in the project and opened before</source>
        <translation>Tableaux d’appariements du projet et déjà ouverts</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Ouvrir…</translation>
    </message>
    <message>
        <source>Open a match-up table from a file</source>
        <translation>Ouvrir un tableau d’appariements depuis un fichier</translation>
    </message>
    <message>
        <source>Match-ups that a filter left out, or without a value on one side</source>
        <translation>Appariements écartés par un filtre, ou sans valeur d’un des deux côtés</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>Biais</translation>
    </message>
    <message>
        <source>Accuracy: mean of satellite minus AERONET</source>
        <translation>Exactitude : moyenne de satellite moins AERONET</translation>
    </message>
    <message>
        <source>SD</source>
        <translation>Écart-type</translation>
    </message>
    <message>
        <source>Precision: standard deviation of the differences</source>
        <translation>Précision : écart-type des différences</translation>
    </message>
    <message>
        <source>RMSE</source>
        <translation>RMSE</translation>
    </message>
    <message>
        <source>Uncertainty: root mean square of the differences</source>
        <translation>Incertitude : moyenne quadratique des différences</translation>
    </message>
    <message>
        <source>R</source>
        <translation>R</translation>
    </message>
    <message>
        <source>Pearson&apos;s correlation</source>
        <translation>Corrélation de Pearson</translation>
    </message>
    <message>
        <source>Within EE</source>
        <translation>Dans l’EE</translation>
    </message>
    <message>
        <source>Share within the expected error</source>
        <translation>Part dans la limite de l’erreur attendue (EE)</translation>
    </message>
    <message>
        <source>Within GCOS</source>
        <translation>Dans GCOS</translation>
    </message>
    <message>
        <source>Share within max(0.03, 10 %)</source>
        <translation>Part dans la limite de max(0.03, 10 %)</translation>
    </message>
    <message>
        <source>Deming slope</source>
        <translation>Pente (Deming)</translation>
    </message>
    <message>
        <source>Slope of the line that allows for errors on both sides</source>
        <translation>Pente de la droite qui tient compte d’erreurs des deux côtés</translation>
    </message>
    <message>
        <source>A Python package cannot be loaded: {}.</source>
        <translation>Un paquet Python ne peut pas être chargé : {}.</translation>
    </message>
    <message>
        <source>This panel needs pyqtgraph</source>
        <translation>Ce panneau a besoin de pyqtgraph</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Copier la commande</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Vérifier à nouveau</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Ajuster</translation>
    </message>
    <message>
        <source>Show everything again (dragging moves the plot, the wheel zooms)</source>
        <translation>Tout afficher à nouveau (glisser déplace le graphique, la molette change l’échelle)</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exporter</translation>
    </message>
    <message>
        <source>Save the plot as a picture, or its numbers as a table</source>
        <translation>Enregistrer le graphique comme image, ou ses valeurs comme tableau</translation>
    </message>
    <message>
        <source>Save as {}…</source>
        <translation>Enregistrer en {}…</translation>
    </message>
    <message>
        <source>Export the plot</source>
        <translation>Exporter le graphique</translation>
    </message>
    <message>
        <source>Compare AOT campaigns</source>
        <translation>Comparer des campagnes d’AOT</translation>
    </message>
    <message>
        <source>Compares the AOT errors of two campaigns that share no overpass, such as SPOT4 (Take5) 2013 and SPOT5 (Take5) 2015. Differences of bias, precision and spread come for common sites (the headline), for all sites, per AOT bin, and in equal classes of gap-filled share and stability. Figures are averaged with the AOT distribution of both campaigns together. Each difference has a 95 % interval from draws of months, a p-value (corrected by Holm&apos;s method over the bins), and the smallest difference that could have been found.

Test of spread after Brown and Forsythe (1974), 10.1080/01621459.1974.10482955.</source>
        <translation>Compare les erreurs d’épaisseur optique des aérosols (AOT) de deux campagnes sans passage commun, comme SPOT4 (Take5) 2013 et SPOT5 (Take5) 2015. Les différences de biais, de précision et de dispersion sont données pour les sites communs (le résultat principal), pour tous les sites, par classe d’AOT, et à classes égales de part comblée et de stabilité. Les valeurs sont moyennées selon la distribution d’AOT des deux campagnes réunies. Chaque différence est accompagnée d’un intervalle de confiance à 95 % obtenu par tirages de mois, d’une valeur p (corrigée par la méthode de Holm sur l’ensemble des classes) et de la plus petite différence qui aurait pu être détectée.

Test de dispersion d’après Brown et Forsythe (1974), 10.1080/01621459.1974.10482955.</translation>
    </message>
    <message>
        <source>Match-ups of campaign A</source>
        <translation>Appariements de la campagne A</translation>
    </message>
    <message>
        <source>A match-up table of the AOT comparison; differences are A minus B.</source>
        <translation>Un tableau d’appariements de la comparaison d’AOT ; les différences sont A moins B.</translation>
    </message>
    <message>
        <source>Match-ups of campaign B</source>
        <translation>Appariements de la campagne B</translation>
    </message>
    <message>
        <source>The match-up table of the other campaign, made with the same settings.</source>
        <translation>Le tableau d’appariements de l’autre campagne, fait avec les mêmes réglages.</translation>
    </message>
    <message>
        <source>Name of campaign A</source>
        <translation>Nom de la campagne A</translation>
    </message>
    <message>
        <source>What tables and report call the first campaign.</source>
        <translation>Nom de la première campagne dans les tableaux et le rapport.</translation>
    </message>
    <message>
        <source>Name of campaign B</source>
        <translation>Nom de la campagne B</translation>
    </message>
    <message>
        <source>What tables and report call the second campaign.</source>
        <translation>Nom de la seconde campagne dans les tableaux et le rapport.</translation>
    </message>
    <message>
        <source>Draws of months for the variances, 100 or more.</source>
        <translation>Tirages de mois pour les variances, 100 ou plus.</translation>
    </message>
    <message>
        <source>Start of the random draws: the same seed gives the same result.</source>
        <translation>Départ des tirages aléatoires : la même graine donne le même résultat.</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Différences</translation>
    </message>
    <message>
        <source>One row per scope and quantity, headline first.</source>
        <translation>Une ligne par périmètre et par grandeur, le résultat principal en premier.</translation>
    </message>
    <message>
        <source>Differences with intervals, power, and the limits of what they say.</source>
        <translation>Différences avec leurs intervalles de confiance, la puissance statistique et les limites de ce qu’elles disent.</translation>
    </message>
    <message>
        <source>Match-ups of campaign A in the headline</source>
        <translation>Appariements de la campagne A dans le résultat principal</translation>
    </message>
    <message>
        <source>Match-ups of campaign B in the headline</source>
        <translation>Appariements de la campagne B dans le résultat principal</translation>
    </message>
    <message>
        <source>Difference of bias, A minus B</source>
        <translation>Différence de biais, A moins B</translation>
    </message>
    <message>
        <source>Lower bound of the difference of bias</source>
        <translation>Borne inférieure de la différence de biais</translation>
    </message>
    <message>
        <source>Upper bound of the difference of bias</source>
        <translation>Borne supérieure de la différence de biais</translation>
    </message>
    <message>
        <source>Two-sided p-value of the difference of bias</source>
        <translation>Valeur p bilatérale de la différence de biais</translation>
    </message>
    <message>
        <source>Smallest detectable difference of bias</source>
        <translation>Plus petite différence de biais détectable</translation>
    </message>
    <message>
        <source>Ratio of precision, A over B</source>
        <translation>Rapport de précision, A sur B</translation>
    </message>
    <message>
        <source>Two-sided p-value of the ratio of precision</source>
        <translation>Valeur p bilatérale du rapport de précision</translation>
    </message>
    <message>
        <source>Scope of the headline numbers</source>
        <translation>Périmètre du résultat principal</translation>
    </message>
    <message>
        <source>The two campaigns have the same name: give each its own.</source>
        <translation>Les deux campagnes ont le même nom : donnez à chacune le sien.</translation>
    </message>
    <message>
        <source>Rejects overpasses around which the photometer varies by more than the two bounds below (standard deviation), or whose neighborhood is too cloudy. Otherwise stable and unstable are reported apart.</source>
        <translation>Rejette les passages autour desquels le photomètre varie de plus que les deux limites ci-dessous (écart-type), ou dont le voisinage est trop nuageux. Sinon, les cas stables et instables sont présentés séparément.</translation>
    </message>
    <message>
        <source>Stable: largest standard deviation</source>
        <translation>Stable : écart-type maximal</translation>
    </message>
    <message>
        <source>Conditions are stable where the photometer&apos;s standard deviation is at most this (AOT without unit, water vapor in cm) or at most the share below.</source>
        <translation>Les conditions sont stables si l’écart-type du photomètre ne dépasse pas cette valeur (AOT sans unité, vapeur d’eau en cm) ou ne dépasse pas la part ci-dessous.</translation>
    </message>
    <message>
        <source>Stable: largest relative standard deviation</source>
        <translation>Stable : écart-type relatif maximal</translation>
    </message>
    <message>
        <source>Share (0 to 1) of the photometer&apos;s mean; the larger of the two bounds counts.</source>
        <translation>Part (0 à 1) de la moyenne du photomètre ; la plus grande des deux limites compte.</translation>
    </message>
    <message>
        <source>Stable: largest cloud share of the neighborhood</source>
        <translation>Stable : part nuageuse maximale du voisinage</translation>
    </message>
    <message>
        <source>Share (0 to 1) of the largest satellite window of 10 km or more that may be cloudy; 1: any. Without such a window the photometer decides alone.</source>
        <translation>Part (0 à 1) de la plus grande fenêtre satellite d’au moins 10 km qui peut être nuageuse ; 1 : quelconque. Sans une telle fenêtre, le photomètre décide seul.</translation>
    </message>
    <message>
        <source>Extract AOT at sites</source>
        <translation>Extraire l’AOT aux sites</translation>
    </message>
    <message>
        <source>Reads the AOT and water vapor of L2A products around sites: mean, median, spread and gradient in square windows, and what the windows are made of (valid, cloudy and gap-filled shares, clipped and zero pixels). Products are found in folders, zip and tar archives: THEIA/MUSCATE, MAJA, SPOT Take5, Sen2Cor. Only the windows are read. Products that cannot be read are listed with the reason; products without AOT get rows that say so. The output goes into the AOT comparison.

Window statistics after Petrenko et al. (2012), 10.5194/amt-5-913-2012.</source>
        <translation>Lit l’épaisseur optique des aérosols (AOT) et la vapeur d’eau des produits L2A autour de sites : moyenne, médiane, dispersion et gradient dans des fenêtres carrées, et la composition des fenêtres (parts valide, nuageuse et comblée, pixels écrêtés et nuls). Les produits sont cherchés dans des dossiers et des archives zip et tar : THEIA/MUSCATE, MAJA, SPOT Take5, Sen2Cor. Seules les fenêtres sont lues. Les produits illisibles sont listés avec la raison ; les produits sans AOT ont des lignes qui le disent. La sortie sert d’entrée à la comparaison d’AOT.

Statistiques de fenêtre d’après Petrenko et al. (2012), 10.5194/amt-5-913-2012.</translation>
    </message>
    <message>
        <source>L2A product folders or archives (zip, tar, tgz), or folders that hold them.</source>
        <translation>Dossiers ou archives (zip, tar, tgz) de produits L2A, ou dossiers qui en contiennent.</translation>
    </message>
    <message>
        <source>Sites</source>
        <translation>Sites</translation>
    </message>
    <message>
        <source>Points of the sites, or the output of the AERONET import: each distinct site name is used once.</source>
        <translation>Points des sites, ou la sortie de l’importation AERONET : chaque nom de site distinct est utilisé une fois.</translation>
    </message>
    <message>
        <source>Window widths (m)</source>
        <translation>Largeurs des fenêtres (m)</translation>
    </message>
    <message>
        <source>Full widths of square windows centered on the site, in meters, separated by commas. All of them come out of one read of the largest.</source>
        <translation>Largeurs totales des fenêtres carrées centrées sur le site, en mètres, séparées par des virgules. Toutes viennent d’une seule lecture de la plus grande.</translation>
    </message>
    <message>
        <source>Mask policy</source>
        <translation>Politique de masquage</translation>
    </message>
    <message>
        <source>Column of the site names</source>
        <translation>Colonne des noms de site</translation>
    </message>
    <message>
        <source>Empty: the column &apos;site&apos; or &apos;name&apos;.</source>
        <translation>Vide : la colonne 'site' ou 'name'.</translation>
    </message>
    <message>
        <source>Elevation</source>
        <translation>Altitude</translation>
    </message>
    <message>
        <source>Terrain heights in meters; gives pixel_elevation_m, the mean height of each window, by which the comparison can filter or correct altitude differences.</source>
        <translation>Altitudes du terrain en mètres ; donne pixel_elevation_m, l’altitude moyenne de chaque fenêtre, grâce à laquelle la comparaison peut filtrer ou corriger les différences d’altitude.</translation>
    </message>
    <message>
        <source>AOT scale of N2A products</source>
        <translation>Échelle de l’AOT des produits N2A</translation>
    </message>
    <message>
        <source>Factor from stored numbers to AOT in SPOT Take5 products, whose metadata do not state it. More than 0, usually 0.001.</source>
        <translation>Facteur qui convertit les nombres enregistrés en AOT dans les produits SPOT Take5, dont les métadonnées ne l’indiquent pas. Supérieur à 0, en général 0.001.</translation>
    </message>
    <message>
        <source>Satellite AOT</source>
        <translation>AOT satellite</translation>
    </message>
    <message>
        <source>Points at the sites, one row per product, site and window.</source>
        <translation>Points aux sites, une ligne par produit, site et fenêtre.</translation>
    </message>
    <message>
        <source>Unreadable products</source>
        <translation>Produits illisibles</translation>
    </message>
    <message>
        <source>Table of the products that could not be read, each with the reason.</source>
        <translation>Tableau des produits qui n’ont pas pu être lus, chacun avec la raison.</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Lignes</translation>
    </message>
    <message>
        <source>Products read</source>
        <translation>Produits lus</translation>
    </message>
    <message>
        <source>Products that could not be read</source>
        <translation>Produits qui n’ont pas pu être lus</translation>
    </message>
    <message>
        <source>Import AERONET observations</source>
        <translation>Importer des observations AERONET</translation>
    </message>
    <message>
        <source>Reads AERONET Version 3 files as they were downloaded and gives one row per observation, with AOT interpolated to the wavelength of the satellite product. Files of the download tool, the web service, the bulk archives and SDA are read, also as .gz, .zip and .tar. What cannot be used is listed with its reason; the rest counts. The table feeds &apos;Compare satellite AOT with AERONET&apos;. AERONET asks to acknowledge the principal investigators named in the log.</source>
        <translation>Lit les fichiers AERONET version 3 tels qu’ils ont été téléchargés et donne une ligne par observation, avec l’épaisseur optique des aérosols (AOT) interpolée à la longueur d’onde du produit satellite. Les fichiers de l’outil de téléchargement, du service web, des archives complètes et de SDA sont lus, y compris en .gz, .zip et .tar. Ce qui ne peut pas être utilisé est listé avec la raison ; le reste compte. Le tableau sert d’entrée à 'Comparer l’AOT satellite à AERONET'. AERONET demande de remercier les responsables scientifiques nommés dans le journal.</translation>
    </message>
    <message>
        <source>AERONET files or folders</source>
        <translation>Fichiers ou dossiers AERONET</translation>
    </message>
    <message>
        <source>Files of AERONET (.lev10, .lev15, .lev20, text of the web service; also .gz, .zip, .tar), or folders: all AERONET files below them are read.</source>
        <translation>Fichiers d’AERONET (.lev10, .lev15, .lev20, texte du service web ; aussi .gz, .zip, .tar), ou dossiers : tous les fichiers AERONET qu’ils contiennent, sous-dossiers compris, sont lus.</translation>
    </message>
    <message>
        <source>Wavelength of the AOT</source>
        <translation>Longueur d’onde de l’AOT</translation>
    </message>
    <message>
        <source>Nanometers, 340 to 1640: the wavelength at which the satellite product states its AOT, 550 for most products.</source>
        <translation>En nanomètres, 340 à 1640 : la longueur d’onde à laquelle le produit satellite donne son AOT, 550 pour la plupart des produits.</translation>
    </message>
    <message>
        <source>Interpolation</source>
        <translation>Interpolation</translation>
    </message>
    <message>
        <source>How AOT at the wavelength is made from the channels: parabola in logarithms on exact wavelengths (quadratic, recommended) or on nominal ones (quadratic_nominal), straight line in logarithms (linear), or 500 nm and the Angstrom exponent 440-870 nm (angstrom). The choice moves AOT by up to 0.05.</source>
        <translation>Comment l’AOT à la longueur d’onde est obtenue à partir des canaux : parabole en logarithmes sur les longueurs d’onde exactes (quadratic, recommandé) ou nominales (quadratic_nominal), droite en logarithmes (linear), ou 500 nm et l’exposant d’Ångström 440-870 nm (angstrom). Ce choix change l’AOT de 0.05 au plus.</translation>
    </message>
    <message>
        <source>Quality level</source>
        <translation>Niveau de qualité</translation>
    </message>
    <message>
        <source>Which level to take: 2.0 is quality assured, 1.5 is cloud-cleared only. With &apos;any&apos;, level 2.0 replaces level 1.5 of the same site and day, and every row says its level.</source>
        <translation>Quel niveau prendre : 2.0 a un contrôle de qualité complet, 1.5 est seulement débarrassé des nuages. Avec 'any', le niveau 2.0 remplace le niveau 1.5 du même site et du même jour, et chaque ligne indique son niveau.</translation>
    </message>
    <message>
        <source>AERONET observations</source>
        <translation>Observations AERONET</translation>
    </message>
    <message>
        <source>Points: one row per observation, sorted by site and time (UTC).</source>
        <translation>Points : une ligne par observation, triées par site et par date (UTC).</translation>
    </message>
    <message>
        <source>A table of the files and lines that were not used, with the reasons.</source>
        <translation>Un tableau des fichiers et des lignes qui n’ont pas été utilisés, avec les raisons.</translation>
    </message>
    <message>
        <source>Number of observations</source>
        <translation>Nombre d’observations</translation>
    </message>
    <message>
        <source>Number of sites</source>
        <translation>Nombre de sites</translation>
    </message>
    <message>
        <source>Number of rejected lines and files</source>
        <translation>Nombre de lignes et de fichiers rejetés</translation>
    </message>
    <message>
        <source>Rank AERONET sites</source>
        <translation>Classer les sites AERONET</translation>
    </message>
    <message>
        <source>Ranks AERONET sites by how reliable they are as reference for AOT products. The score of a site, in AOT units, joins the median and the scatter of its residuals; the bias that all sites share at the same AOT is taken off first. Scores are shrunk toward the network, and months are drawn anew to get 90 % intervals. Sites that cannot be told apart share a tier. Outliers, drift, steps at instrument changes and poor representativeness are flags beside the score. Sites with too little data are kept, with the reason.

Shrinkage after Efron and Morris (1975), 10.1080/01621459.1975.10479864.</source>
        <translation>Classe les sites AERONET selon leur fiabilité comme référence pour les produits d’épaisseur optique des aérosols (AOT). Le score d’un site, en unités d’AOT, réunit la médiane et la dispersion de ses résidus ; le biais que tous les sites partagent à la même AOT est d’abord retiré. Les scores sont ramenés vers celui du réseau, et de nouveaux tirages de mois (bootstrap) donnent des intervalles de confiance à 90 %. Les sites qu’on ne peut pas distinguer partagent un palier. Valeurs aberrantes, dérive, sauts aux changements d’instrument et mauvaise représentativité sont signalés à côté du score. Les sites qui ont trop peu de données sont conservés, avec la raison.

Rétrécissement d’après Efron et Morris (1975), 10.1080/01621459.1975.10479864.</translation>
    </message>
    <message>
        <source>The match-up table of the AOT comparison, best with many sites: the bias that is common to all sites needs at least four.</source>
        <translation>Le tableau d’appariements de la comparaison d’AOT, de préférence avec beaucoup de sites : le biais commun à tous les sites en demande au moins quatre.</translation>
    </message>
    <message>
        <source>Size of the best group</source>
        <translation>Taille du groupe des meilleurs</translation>
    </message>
    <message>
        <source>Least number of match-ups</source>
        <translation>Nombre minimal d’appariements</translation>
    </message>
    <message>
        <source>Sites with fewer match-ups are not ranked. With few match-ups the score mostly repeats the mean of the network.</source>
        <translation>Les sites qui ont moins d’appariements ne sont pas classés. Avec peu d’appariements, le score répète surtout la moyenne du réseau.</translation>
    </message>
    <message>
        <source>Least number of months</source>
        <translation>Nombre minimal de mois</translation>
    </message>
    <message>
        <source>Sites with match-ups in fewer calendar months are not ranked.</source>
        <translation>Les sites qui ont des appariements dans moins de mois de l’année ne sont pas classés.</translation>
    </message>
    <message>
        <source>Least number of seasons</source>
        <translation>Nombre minimal de saisons</translation>
    </message>
    <message>
        <source>Sites with match-ups in fewer seasons are not ranked. 1 to 4.</source>
        <translation>Les sites qui ont des appariements dans moins de saisons ne sont pas classés. 1 à 4.</translation>
    </message>
    <message>
        <source>AERONET level that is used; match-ups of unknown level are always used.</source>
        <translation>Niveau AERONET utilisé ; les appariements de niveau inconnu sont toujours utilisés.</translation>
    </message>
    <message>
        <source>Satellite window (m)</source>
        <translation>Fenêtre satellite (m)</translation>
    </message>
    <message>
        <source>Size of the satellite window that is ranked, nearest size present. Empty: the one of the comparison that made the match-ups.</source>
        <translation>Taille de la fenêtre satellite utilisée pour le classement, la plus proche parmi celles présentes. Vide : celle de la comparaison qui a produit les appariements.</translation>
    </message>
    <message>
        <source>Size of the satellite window that is compared, nearest size present. Empty: the one of the comparison that made the match-ups.</source>
        <translation>Taille de la fenêtre satellite utilisée pour la comparaison, la plus proche parmi celles présentes. Vide : celle de la comparaison qui a produit les appariements.</translation>
    </message>
    <message>
        <source>Draws of months for intervals and probabilities, 100 or more. More give steadier intervals and take longer.</source>
        <translation>Tirages de mois pour les intervalles de confiance et les probabilités, 100 ou plus. Davantage de tirages donnent des intervalles plus stables et prennent plus de temps.</translation>
    </message>
    <message>
        <source>Ranked sites</source>
        <translation>Sites classés</translation>
    </message>
    <message>
        <source>One point per site, ranked ones first.</source>
        <translation>Un point par site, les sites classés en premier.</translation>
    </message>
    <message>
        <source>Ranking with intervals, tiers, flags, and the limits of what it says.</source>
        <translation>Classement avec les intervalles de confiance, les paliers, les signalements et les limites de ce qu’il dit.</translation>
    </message>
    <message>
        <source>Site with the smallest score</source>
        <translation>Site au plus petit score</translation>
    </message>
    <message>
        <source>{} is not ranked: {}.</source>
        <translation>{} n’est pas classé : {}.</translation>
    </message>
    <message>
        <source>No site has enough match-ups to be ranked; the table says why.</source>
        <translation>Aucun site n’a assez d’appariements pour être classé ; le tableau dit pourquoi.</translation>
    </message>
    <message>
        <source>Catalog products</source>
        <translation>Cataloguer des produits</translation>
    </message>
    <message>
        <source>Walks folders and lists the satellite products in them as polygons: reader, sensor, level, tile or site, time, cloud share, baseline and path. Zip and tar archives are looked into without unpacking. Known are THEIA/MUSCATE L2A and L3A, MAJA&apos;s native format, THEIA N2A (SPOT4 and SPOT5 Take5, Landsat), Sentinel-2 SAFE L1C and L2A, and Landsat with MTL. What looks like a product and cannot be read gets a row with the reason and no geometry. Only metadata are read.</source>
        <translation>Parcourt des dossiers et dresse la liste des produits satellite qu’ils contiennent, sous forme de polygones : lecteur, capteur, niveau, tuile ou site, date, part nuageuse, version de traitement (baseline) et chemin. Les archives zip et tar sont examinées sans être décompressées. Sont connus THEIA/MUSCATE L2A et L3A, le format natif de MAJA, THEIA N2A (SPOT4 et SPOT5 Take5, Landsat), Sentinel-2 SAFE L1C et L2A, et Landsat avec MTL. Ce qui ressemble à un produit et ne peut pas être lu reçoit une ligne avec la raison et sans géométrie. Seules les métadonnées sont lues.</translation>
    </message>
    <message>
        <source>Folders, archives or products</source>
        <translation>Dossiers, archives ou produits</translation>
    </message>
    <message>
        <source>Folders are searched with everything below them; single products, archives (.zip, .tar, .tar.gz, .tgz) and metadata files can be given too.</source>
        <translation>Les dossiers sont parcourus avec tout ce qu’ils contiennent ; des produits seuls, des archives (.zip, .tar, .tar.gz, .tgz) et des fichiers de métadonnées peuvent aussi être donnés.</translation>
    </message>
    <message>
        <source>Catalog</source>
        <translation>Catalogue</translation>
    </message>
    <message>
        <source>Polygons in longitude and latitude, one row per product; &apos;status&apos; is &apos;ok&apos; or the reason why a product cannot be read.</source>
        <translation>Polygones en longitude et latitude, une ligne par produit ; 'status' vaut 'ok' ou dit pourquoi un produit ne peut pas être lu.</translation>
    </message>
    <message>
        <source>Number of readable products</source>
        <translation>Nombre de produits lisibles</translation>
    </message>
    <message>
        <source>Number of unreadable products</source>
        <translation>Nombre de produits illisibles</translation>
    </message>
    <message>
        <source>Give at least one folder, archive or product.</source>
        <translation>Donnez au moins un dossier, une archive ou un produit.</translation>
    </message>
    <message>
        <source>Load product</source>
        <translation>Charger un produit</translation>
    </message>
    <message>
        <source>Writes the bands of a product as one raster in real units (reflectance, AOT, water vapor in cm), with scale, offset and no data taken from the product&apos;s own metadata and masked pixels set to no data by the chosen policy. With the policy &apos;none&apos; and an output ending in .vrt nothing is copied: the virtual raster points at the product&apos;s own files. All formats of &apos;Catalog products&apos; are read, also from zip and tar archives.</source>
        <translation>Écrit les bandes d’un produit dans un seul raster en unités physiques (réflectance, AOT, vapeur d’eau en cm) ; l’échelle, le décalage et la valeur nodata viennent des métadonnées du produit, et les pixels masqués par la politique choisie reçoivent la valeur nodata. Avec la politique 'none' et une sortie qui se termine par .vrt, rien n’est copié : le raster virtuel pointe vers les fichiers du produit. Tous les formats de 'Cataloguer des produits' sont lus, y compris dans des archives zip et tar.</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Produit</translation>
    </message>
    <message>
        <source>The product&apos;s folder, its zip or tar archive, or its main metadata file.</source>
        <translation>Le dossier du produit, son archive zip ou tar, ou son fichier principal de métadonnées.</translation>
    </message>
    <message>
        <source>Bands</source>
        <translation>Bandes</translation>
    </message>
    <message>
        <source>Names separated by commas, in the order of the output, such as B2,B3,B4,B8; &apos;aot&apos; and &apos;water_vapor&apos; too. Empty: all reflectances, slope-corrected ones where the product has both kinds (the others are called SRE_B2 or ENV_B2).</source>
        <translation>Noms séparés par des virgules, dans l’ordre de la sortie, comme B2,B3,B4,B8 ; aussi 'aot' et 'water_vapor'. Vide : toutes les réflectances, celles corrigées des effets de pente si le produit a les deux sortes (les autres s’appellent SRE_B2 ou ENV_B2).</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Résolution</translation>
    </message>
    <message>
        <source>Which grid the output gets where the bands have several: the finest (coarser bands are repeated) or the coarsest (finer bands are averaged).</source>
        <translation>Quelle grille la sortie reçoit si les bandes en ont plusieurs : la plus fine (les bandes plus grossières sont répétées) ou la plus grossière (les bandes plus fines sont moyennées).</translation>
    </message>
    <message>
        <source>32 bit floating point, one band per name, no data -9999; .tif or .vrt.</source>
        <translation>Nombres à virgule flottante sur 32 bits, une bande par nom, nodata -9999 ; .tif ou .vrt.</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Masque</translation>
    </message>
    <message>
        <source>1 where the policy leaves a pixel out, else 0, on the grid of the output.</source>
        <translation>1 là où la politique écarte un pixel, sinon 0, sur la grille de la sortie.</translation>
    </message>
    <message>
        <source>Number of bands</source>
        <translation>Nombre de bandes</translation>
    </message>
    <message>
        <source>Pixels with values in all bands (percent)</source>
        <translation>Pixels qui ont une valeur dans toutes les bandes (pour cent)</translation>
    </message>
    <message>
        <source>Pixels left out by the policy (percent)</source>
        <translation>Pixels écartés par la politique (pour cent)</translation>
    </message>
    <message>
        <source>Acquisition time (UTC)</source>
        <translation>Date d’acquisition (UTC)</translation>
    </message>
    <message>
        <source>Accuracy per bin</source>
        <translation>Exactitude par classe</translation>
    </message>
    <message>
        <source>A (bias)</source>
        <translation>A (biais)</translation>
    </message>
    <message>
        <source>P (sd)</source>
        <translation>P (σ)</translation>
    </message>
    <message>
        <source>U (RMSE)</source>
        <translation>U (RMSE)</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Réinitialiser</translation>
    </message>
    <message>
        <source>WV (g/cm²)</source>
        <translation>WV (g/cm²)</translation>
    </message>
    <message>
        <source>AOT</source>
        <translation>AOT</translation>
    </message>
    <message>
        <source>Open the match-up table that the algorithm “Compare satellite AOT with AERONET” wrote, or load the example data to see a finished case on the map and here.</source>
        <translation>Ouvrez le tableau d’appariements que l’algorithme « Comparer l’AOT satellite à AERONET » a écrit, ou chargez l’exemple pour voir un cas terminé sur la carte et ici.</translation>
    </message>
    <message>
        <source>There is no record of the run that made this table, so no command to copy.</source>
        <translation>Il n’existe aucune trace de l’exécution qui a produit ce tableau, donc aucune commande à copier.</translation>
    </message>
    <message>
        <source>The example is being made already.</source>
        <translation>L’exemple est déjà en cours de préparation.</translation>
    </message>
    <message>
        <source>There is no site of the match-ups here.</source>
        <translation>Aucun site des appariements ne se trouve ici.</translation>
    </message>
    <message>
        <source>{} is not in the toolbox</source>
        <translation>{} n’est pas dans la boîte à outils</translation>
    </message>
    <message>
        <source>AOT validation (simulated example)</source>
        <translation>Validation de l’AOT (exemple simulé)</translation>
    </message>
    <message>
        <source>Countries</source>
        <translation>Pays</translation>
    </message>
    <message>
        <source>AERONET sites, ranked</source>
        <translation>Sites AERONET classés</translation>
    </message>
    <message>
        <source>Satellite products</source>
        <translation>Produits satellite</translation>
    </message>
    <message>
        <source>Simulating example data and running the algorithms on them…</source>
        <translation>Simulation de données d’exemple et exécution des algorithmes…</translation>
    </message>
    <message>
        <source>Simulate example data</source>
        <translation>Simuler des données d’exemple</translation>
    </message>
    <message>
        <source>The example could not be made: {}</source>
        <translation>L’exemple n’a pas pu être préparé : {}</translation>
    </message>
    <message>
        <source>Photometer observations: the output of &apos;Import AERONET observations&apos;, or any table with site, time and value.</source>
        <translation>Observations du photomètre : la sortie de 'Importer des observations AERONET', ou tout tableau qui contient site, date et valeur.</translation>
    </message>
    <message>
        <source>The probability of being among so many best sites is given for each site. Where no more sites than that are ranked, half of them make the group.</source>
        <translation>La probabilité de faire partie de ce nombre de meilleurs sites est donnée pour chaque site. Si le nombre de sites classés ne le dépasse pas, la moitié d’entre eux forme le groupe.</translation>
    </message>
    <message>
        <source>{} is not where it was.</source>
        <translation>{} n’est plus à sa place.</translation>
    </message>
    <message>
        <source>The satellite table has no value (or no time) here</source>
        <translation>Le tableau satellite n’a ici pas de valeur (ou pas de date)</translation>
    </message>
    <message>
        <source>No photometer has this site&apos;s name</source>
        <translation>Aucun photomètre ne porte le nom de ce site</translation>
    </message>
    <message>
        <source>The satellite value lies outside the plausible range (fill value, other unit)</source>
        <translation>La valeur du satellite est hors du domaine plausible (valeur de remplissage, autre unité)</translation>
    </message>
    <message>
        <source>The time of day of the overpass is not known</source>
        <translation>L’heure du passage n’est pas connue</translation>
    </message>
    <message>
        <source>No photometer observation within the time window</source>
        <translation>Aucune observation du photomètre dans la fenêtre temporelle</translation>
    </message>
    <message>
        <source>Photometer observations of another quality level only</source>
        <translation>Observations du photomètre d’un autre niveau de qualité seulement</translation>
    </message>
    <message>
        <source>Fewer photometer observations than asked for</source>
        <translation>Moins d’observations du photomètre que demandé</translation>
    </message>
    <message>
        <source>The satellite value is clipped at the product&apos;s upper bound</source>
        <translation>La valeur du satellite est écrêtée à la limite supérieure du produit</translation>
    </message>
    <message>
        <source>The product holds a default AOT here, not a retrieved one</source>
        <translation>Le produit contient ici une AOT par défaut, non restituée</translation>
    </message>
    <message>
        <source>Too large a share of the window is gap-filled</source>
        <translation>Une trop grande part de la fenêtre est comblée par interpolation</translation>
    </message>
    <message>
        <source>Too large a share of the window is cloudy</source>
        <translation>Une trop grande part de la fenêtre est nuageuse</translation>
    </message>
    <message>
        <source>The photometer&apos;s AOT varies too much around the overpass</source>
        <translation>L’AOT du photomètre varie trop autour du passage</translation>
    </message>
    <message>
        <source>Pixel and photometer differ too much in altitude</source>
        <translation>L’altitude du pixel et celle du photomètre diffèrent trop</translation>
    </message>
    <message>
        <source>Another tile or product of the same overpass is used for this site</source>
        <translation>Une autre tuile ou un autre produit du même passage est utilisé pour ce site</translation>
    </message>
    <message>
        <source>Plots cannot be written as &apos;{}&apos;. Use .png, .svg or .csv.</source>
        <translation>Les graphiques ne peuvent pas être écrits au format '{}'. Utilisez .png, .svg ou .csv.</translation>
    </message>
    <message>
        <source>{} could not be written. Choose a folder that you may write to.</source>
        <translation>{} n’a pas pu être écrit. Choisissez un dossier dans lequel vous avez le droit d’écrire.</translation>
    </message>
    <message>
        <source>This QGIS comes without Qt&apos;s SVG module: export as PNG instead.</source>
        <translation>Cette version de QGIS n’a pas le module SVG de Qt : exportez plutôt en PNG.</translation>
    </message>
    <message>
        <source>Match-up tables</source>
        <translation>Tableaux d’appariements</translation>
    </message>
    <message>
        <source>{one} and {two} would be written to the same place ({path}). Give them different names.</source>
        <translation>{one} et {two} seraient écrits au même endroit ({path}). Donnez-leur des noms différents.</translation>
    </message>
    <message>
        <source>{name} would replace the input {key} ({path}). Choose another output.</source>
        <translation>{name} remplacerait la donnée d’entrée {key} ({path}). Choisissez une autre sortie.</translation>
    </message>
    <message>
        <source>{key} cannot be written as &apos;{name}&apos;. Use one of: {formats}.</source>
        <translation>{key} ne peut pas être écrit sous le nom '{name}'. Choisissez parmi : {formats}.</translation>
    </message>
    <message>
        <source>{key}: {path} is a folder. Give the name of a file.</source>
        <translation>{key} : {path} est un dossier. Donnez le nom d’un fichier.</translation>
    </message>
    <message>
        <source>No product can be read; the catalog only holds the reasons.</source>
        <translation>Aucun produit ne peut être lu ; le catalogue ne contient que les raisons.</translation>
    </message>
    <message>
        <source>On Debian and Ubuntu the package python3-pyqtgraph brings pyqtgraph. The algorithms of the toolbox work without pyqtgraph.</source>
        <translation>Sous Debian et Ubuntu, le paquet python3-pyqtgraph apporte pyqtgraph. Les algorithmes de la boîte à outils fonctionnent sans pyqtgraph.</translation>
    </message>
    <message>
        <source>The match-up table has no column “{}”, or no value in it: there is nothing that this filter could act on.</source>
        <translation>Le tableau d’appariements n’a pas de colonne « {} », ou aucune valeur dans celle-ci : ce filtre n’a rien sur quoi agir.</translation>
    </message>
    <message>
        <source>Accepted, few to many</source>
        <translation>Acceptés, de peu à beaucoup</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Acceptés</translation>
    </message>
    <message>
        <source>Picked site</source>
        <translation>Site choisi</translation>
    </message>
    <message>
        <source>1:1 line</source>
        <translation>Droite 1:1</translation>
    </message>
    <message>
        <source>Deming line</source>
        <translation>Droite de Deming</translation>
    </message>
    <message>
        <source>Expected error ± {}</source>
        <translation>Erreur attendue ± {}</translation>
    </message>
    <message>
        <source>There is no site here.</source>
        <translation>Il n’y a pas de site ici.</translation>
    </message>
    <message>
        <source>{} cannot be shown on the map: {}</source>
        <translation>{} ne peut pas être affiché sur la carte : {}</translation>
    </message>
    <message>
        <source>Products of picked points</source>
        <translation>Produits des points choisis</translation>
    </message>
    <message>
        <source>Help on this panel: what its filters, plots and figures mean</source>
        <translation>Aide de ce panneau : ce que signifient ses filtres, graphiques et chiffres</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>no values</source>
        <translation>aucune valeur</translation>
    </message>
    <message>
        <source>Extract time series</source>
        <translation>Extraire des séries temporelles</translation>
    </message>
    <message>
        <source>Reads the reflectance of points and polygons out of satellite products of all supported formats, or out of a stack of dated rasters, and writes a long table: one row per site, date and band. Scale, offset and no data come from each product&apos;s own metadata, so that old and new processing baselines fit together. Masked observations are kept and labelled with the reason. Only the pixels of the sites are read. The table is what the detection of anomalies takes.</source>
        <translation>Lit la réflectance de points et de polygones dans des produits satellitaires de tous les formats pris en charge, ou dans une pile de rasters datés, et écrit un tableau long : une ligne par site, date et bande. L’échelle, le décalage et la valeur sans donnée viennent des métadonnées de chaque produit, de sorte qu’anciennes et nouvelles versions de traitement s’accordent. Les observations masquées sont conservées et étiquetées avec leur raison. Seuls les pixels des sites sont lus. Le tableau est celui que prend la détection des anomalies.</translation>
    </message>
    <message>
        <source>Points (the pixel that holds them, or a window) or polygons (all pixels whose center is inside), with a column of names.</source>
        <translation>Points (le pixel qui les contient, ou une fenêtre) ou polygones (tous les pixels dont le centre est à l’intérieur), avec une colonne de noms.</translation>
    </message>
    <message>
        <source>Statistic</source>
        <translation>Statistique</translation>
    </message>
    <message>
        <source>How the pixels of a site are brought together: their mean or their median.</source>
        <translation>Comment les pixels d’un site sont réunis : leur moyenne (mean) ou leur médiane (median).</translation>
    </message>
    <message>
        <source>Window width (m)</source>
        <translation>Largeur de la fenêtre (m)</translation>
    </message>
    <message>
        <source>Full width of the square around points, in meters, from 0 to 200000; 0 is the one pixel that holds the point.</source>
        <translation>Largeur totale du carré autour des points, en mètres, de 0 à 200000 ; 0 est le seul pixel qui contient le point.</translation>
    </message>
    <message>
        <source>Smallest clear share</source>
        <translation>Plus petite part claire</translation>
    </message>
    <message>
        <source>An observation is clear where at least this share (0 to 1) of the site&apos;s pixels is; then only clear pixels make its value.</source>
        <translation>Une observation est claire là où au moins cette part (0 à 1) des pixels du site l’est ; seuls les pixels clairs font alors sa valeur.</translation>
    </message>
    <message>
        <source>Long table, points at the sites, one row per site, date and band.</source>
        <translation>Tableau long, points aux sites, une ligne par site, date et bande.</translation>
    </message>
    <message>
        <source>Products or dates read</source>
        <translation>Produits ou dates lus</translation>
    </message>
    <message>
        <source>Masked observations</source>
        <translation>Observations masquées</translation>
    </message>
    <message>
        <source>Give products, or a stack of dated rasters.</source>
        <translation>Donnez des produits, ou une pile de rasters datés.</translation>
    </message>
    <message>
        <source>Regularize time series</source>
        <translation>Régulariser des séries temporelles</translation>
    </message>
    <message>
        <source>Table of time series</source>
        <translation>Tableau de séries temporelles</translation>
    </message>
    <message>
        <source>The output of &apos;Extract time series&apos;, or another table with a row per date and band. Instead of products and stacks.</source>
        <translation>La sortie de 'Extraire des séries temporelles', ou un autre tableau d’une ligne par date et bande. À la place de produits et de piles.</translation>
    </message>
    <message>
        <source>Step (days)</source>
        <translation>Pas (jours)</translation>
    </message>
    <message>
        <source>From one date of the output to the next, in whole days, 1 or more.</source>
        <translation>D’une date de la sortie à la suivante, en jours entiers, 1 ou plus.</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Méthode</translation>
    </message>
    <message>
        <source>linear: the line between clear dates; whittaker: a smooth curve, also through noise; savitzky_golay: the line, then a moving polynomial.</source>
        <translation>linear : la droite entre les dates claires ; whittaker : une courbe lisse, même à travers le bruit ; savitzky_golay : la droite, puis un polynôme glissant.</translation>
    </message>
    <message>
        <source>Regular images</source>
        <translation>Images régulières</translation>
    </message>
    <message>
        <source>Of products and stacks: one layer per band and date, named by them; 32 bit floating point, no data -9999.</source>
        <translation>Des produits et des piles : une couche par bande et date, nommée d’après elles ; virgule flottante sur 32 bits, sans donnée -9999.</translation>
    </message>
    <message>
        <source>Days to the nearest clear date</source>
        <translation>Jours jusqu’à la date claire la plus proche</translation>
    </message>
    <message>
        <source>Of products and stacks: one layer per date, -1 where a pixel is never clear.</source>
        <translation>Des produits et des piles : une couche par date, -1 là où un pixel n’est jamais clair.</translation>
    </message>
    <message>
        <source>Regular time series</source>
        <translation>Séries temporelles régulières</translation>
    </message>
    <message>
        <source>Of a table: the filled series of each site. Of products and stacks: the mean over the area.</source>
        <translation>D’un tableau : la série comblée de chaque site. De produits et de piles : la moyenne sur la zone.</translation>
    </message>
    <message>
        <source>Regular dates</source>
        <translation>Dates régulières</translation>
    </message>
    <message>
        <source>Dates or observations of the input</source>
        <translation>Dates ou observations de l’entrée</translation>
    </message>
    <message>
        <source>Output values that exist, clear or filled (percent)</source>
        <translation>Valeurs de sortie qui existent, claires ou comblées (pour cent)</translation>
    </message>
    <message>
        <source>Pixels or series never clear (percent)</source>
        <translation>Pixels ou séries jamais clairs (pour cent)</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Début</translation>
    </message>
    <message>
        <source>First date of the output, as 2020-01-01. Empty: the first day of the data.</source>
        <translation>Première date de la sortie, comme 2020-01-01. Vide : le premier jour des données.</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Fin</translation>
    </message>
    <message>
        <source>No date of the output lies after it. Empty: the last day of the data.</source>
        <translation>Aucune date de la sortie ne la dépasse. Vide : le dernier jour des données.</translation>
    </message>
    <message>
        <source>Longest hold at the ends (days)</source>
        <translation>Plus long maintien aux extrémités (jours)</translation>
    </message>
    <message>
        <source>How long the first and the last clear value are held before and after their dates; beyond that the output is empty. Gaps between clear dates are filled whatever their length: see the days to the nearest clear date.</source>
        <translation>Combien de temps la première et la dernière valeur claire sont maintenues avant et après leurs dates ; au-delà, la sortie est vide. Les lacunes entre dates claires sont comblées quelle que soit leur longueur : voir les jours jusqu’à la date claire la plus proche.</translation>
    </message>
    <message>
        <source>Whittaker smoothing</source>
        <translation>Lissage de Whittaker</translation>
    </message>
    <message>
        <source>Lambda for daily steps, more than 0: 100 follows every bend, 100000 only the season.</source>
        <translation>Lambda pour des pas d’un jour, plus que 0 : 100 suit chaque inflexion, 100000 seulement la saison.</translation>
    </message>
    <message>
        <source>Savitzky-Golay window (steps)</source>
        <translation>Fenêtre de Savitzky-Golay (pas)</translation>
    </message>
    <message>
        <source>Odd number of output dates that a polynomial is fitted to, 3 or more.</source>
        <translation>Nombre impair de dates de la sortie auxquelles un polynôme est ajusté, 3 ou plus.</translation>
    </message>
    <message>
        <source>Savitzky-Golay order</source>
        <translation>Ordre de Savitzky-Golay</translation>
    </message>
    <message>
        <source>Degree of the polynomials, 1 to 5, less than the window.</source>
        <translation>Degré des polynômes, 1 à 5, inférieur à la fenêtre.</translation>
    </message>
    <message>
        <source>Say where the regular images go (OUTPUT).</source>
        <translation>Dites où vont les images régulières (OUTPUT).</translation>
    </message>
    <message>
        <source>Give a table, or products, or a stack: only one of them.</source>
        <translation>Donnez un tableau, ou des produits, ou une pile : un seul d’entre eux.</translation>
    </message>
    <message>
        <source>A table gives no rasters: leave OUTPUT and QUALITY out, ask for OUTPUT_TABLE.</source>
        <translation>Un tableau ne donne pas de rasters : laissez OUTPUT et QUALITY de côté, demandez OUTPUT_TABLE.</translation>
    </message>
    <message>
        <source>Say where the regular time series go (OUTPUT_TABLE).</source>
        <translation>Dites où vont les séries temporelles régulières (OUTPUT_TABLE).</translation>
    </message>
    <message>
        <source>Column of the sites</source>
        <translation>Colonne des sites</translation>
    </message>
    <message>
        <source>Table: column of the site names; empty where the table has one site only.</source>
        <translation>Tableau : colonne des noms de site ; vide là où le tableau n’a qu’un site.</translation>
    </message>
    <message>
        <source>Column of the times</source>
        <translation>Colonne des dates</translation>
    </message>
    <message>
        <source>Table: the times, in UTC.</source>
        <translation>Tableau : les dates et heures, en UTC.</translation>
    </message>
    <message>
        <source>Table: empty for ISO 8601, a format such as %d/%m/%Y, or the word ordinal for days since the year 1.</source>
        <translation>Tableau : vide pour ISO 8601, un format comme %d/%m/%Y, ou le mot ordinal pour des jours depuis l’an 1.</translation>
    </message>
    <message>
        <source>Column of the bands</source>
        <translation>Colonne des bandes</translation>
    </message>
    <message>
        <source>Table: names of the bands; empty where each band has a column of its own.</source>
        <translation>Tableau : noms des bandes ; vide là où chaque bande a sa propre colonne.</translation>
    </message>
    <message>
        <source>Column of the values</source>
        <translation>Colonne des valeurs</translation>
    </message>
    <message>
        <source>Table: reflectance; several columns, separated by commas, are one band each.</source>
        <translation>Tableau : réflectance ; plusieurs colonnes, séparées par des virgules, sont chacune une bande.</translation>
    </message>
    <message>
        <source>Column of the mask</source>
        <translation>Colonne du masque</translation>
    </message>
    <message>
        <source>Table: says which observations are clear; empty where there is none.</source>
        <translation>Tableau : dit quelles observations sont claires ; vide là où il n’y en a pas.</translation>
    </message>
    <message>
        <source>Clear values of the mask column</source>
        <translation>Valeurs claires de la colonne du masque</translation>
    </message>
    <message>
        <source>Table: words or numbers that mean clear, separated by commas.</source>
        <translation>Tableau : mots ou nombres qui veulent dire clair, séparés par des virgules.</translation>
    </message>
    <message>
        <source>Scale of the values</source>
        <translation>Échelle des valeurs</translation>
    </message>
    <message>
        <source>Table: factor to reflectance (0 to 1), such as 0.0001 for integers.</source>
        <translation>Tableau : facteur vers la réflectance (0 à 1), comme 0.0001 pour des entiers.</translation>
    </message>
    <message>
        <source>Stack of dated rasters</source>
        <translation>Pile de rasters datés</translation>
    </message>
    <message>
        <source>Rasters (GeoTIFF, JPEG 2000, netCDF ...) or folders of them: one file per date, per date and band, or with dates as bands. Give these or products.</source>
        <translation>Rasters (GeoTIFF, JPEG 2000, netCDF ...) ou dossiers de ceux-ci : un fichier par date, par date et bande, ou avec les dates comme bandes. Donnez ceux-ci ou des produits.</translation>
    </message>
    <message>
        <source>Names separated by commas, such as B2,B3,B4,B8. Empty: all reflectances of products, all bands of a stack.</source>
        <translation>Noms séparés par des virgules, comme B2,B3,B4,B8. Vide : toutes les réflectances des produits, toutes les bandes d’une pile.</translation>
    </message>
    <message>
        <source>Date pattern</source>
        <translation>Modèle de date</translation>
    </message>
    <message>
        <source>Stack: format of the dates in the file names, such as %Y%m%d, %d-%m-%y or %Y%j. Empty: dates are taken from the bands, the metadata, or found in the names.</source>
        <translation>Pile : format des dates dans les noms de fichier, comme %Y%m%d, %d-%m-%y ou %Y%j. Vide : les dates sont prises des bandes, des métadonnées, ou trouvées dans les noms.</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>Masques</translation>
    </message>
    <message>
        <source>Stack: mask rasters (or folders of them) with the same dates.</source>
        <translation>Pile : rasters de masque (ou dossiers de ceux-ci) aux mêmes dates.</translation>
    </message>
    <message>
        <source>Mask band</source>
        <translation>Bande du masque</translation>
    </message>
    <message>
        <source>Stack: name of the band that is the mask, in the mask rasters or among the bands of the stack itself. Empty: the first band of the mask rasters, or the band called mask of the stack.</source>
        <translation>Pile : nom de la bande qui est le masque, dans les rasters de masque ou parmi les bandes de la pile elle-même. Vide : la première bande des rasters de masque, ou la bande de la pile appelée mask.</translation>
    </message>
    <message>
        <source>Clear values of the mask</source>
        <translation>Valeurs claires du masque</translation>
    </message>
    <message>
        <source>Stack: the values that mean clear, separated by commas, or a coding whose classes are known: SCL (Sentinel-2), QA_PIXEL (Landsat) or CFMASK.</source>
        <translation>Pile : les valeurs qui veulent dire clair, séparées par des virgules, ou un codage dont les classes sont connues : SCL (Sentinel-2), QA_PIXEL (Landsat) ou CFMASK.</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Échelle</translation>
    </message>
    <message>
        <source>Stack: factor from stored numbers to reflectance. Empty: that of the file.</source>
        <translation>Pile : facteur des nombres stockés vers la réflectance. Vide : celui du fichier.</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>Décalage</translation>
    </message>
    <message>
        <source>Stack: added after scaling, in reflectance. Empty: that of the file.</source>
        <translation>Pile : ajouté après la mise à l’échelle, en réflectance. Vide : celui du fichier.</translation>
    </message>
    <message>
        <source>No data</source>
        <translation>Sans donnée</translation>
    </message>
    <message>
        <source>Stack: stored number that means no data. Empty: as the files say.</source>
        <translation>Pile : nombre stocké qui veut dire sans donnée. Vide : comme le disent les fichiers.</translation>
    </message>
    <message>
        <source>Give either products or a stack of dated rasters, not both.</source>
        <translation>Donnez soit des produits, soit une pile de rasters datés, pas les deux.</translation>
    </message>
    <message>
        <source>Products bring masks of their own: leave the masks of stacks empty.</source>
        <translation>Les produits apportent leurs propres masques : laissez vides ceux des piles.</translation>
    </message>
    <message>
        <source>Where tiles are computed</source>
        <translation>Lieu du calcul des tuiles</translation>
    </message>
    <message>
        <source>threads: one thread for each core of this computer; threads:N or processes:N: N of them; tcp://host:port: a running Dask cluster, by the address of its scheduler. A cluster needs the package distributed, the toolbox and the same files on all its machines; use one that you trust. The result is the same everywhere.</source>
        <translation>threads : un fil d’exécution par cœur de cet ordinateur ; threads:N ou processes:N : N fils ou processus ; tcp://host:port : une grappe Dask en service, par l’adresse de son ordonnanceur. Une grappe demande le paquet distributed, la boîte à outils et les mêmes fichiers sur toutes ses machines ; n’en utilisez qu’une de confiance. Le résultat est partout le même.</translation>
    </message>
    <message>
        <source>Tile size (pixels)</source>
        <translation>Taille des tuiles (pixels)</translation>
    </message>
    <message>
        <source>Side of the square tiles, 64 to 16384 pixels, best a multiple of 256. Larger tiles need more memory, smaller ones more time for their margins.</source>
        <translation>Côté des tuiles carrées, de 64 à 16384 pixels, de préférence un multiple de 256. Des tuiles plus grandes demandent plus de mémoire, de plus petites plus de temps pour leurs marges.</translation>
    </message>
    <message>
        <source>Memory cap (MB)</source>
        <translation>Mémoire maximale (Mo)</translation>
    </message>
    <message>
        <source>The most memory that all tiles in work on one computer may need together, in megabytes. Fewer or smaller tiles are computed at a time to stay below; what can never fit is refused before it starts.</source>
        <translation>Mémoire maximale que toutes les tuiles en cours de calcul sur un ordinateur peuvent demander ensemble, en mégaoctets. Pour rester en dessous, moins de tuiles ou des tuiles plus petites sont calculées à la fois ; ce qui ne peut jamais y tenir est refusé avant le début.</translation>
    </message>
    <message>
        <source>Resume an earlier run</source>
        <translation>Reprendre une exécution antérieure</translation>
    </message>
    <message>
        <source>Keep the finished tiles that a canceled or failed run with the same parameters left beside the output, after a check of each. Off: start again.</source>
        <translation>Conserve, après vérification de chacune, les tuiles terminées qu’une exécution annulée ou en échec, de mêmes paramètres, a laissées à côté de la sortie. Désactivé : tout recommencer.</translation>
    </message>
    <message>
        <source>There is no parameter {}: it is not used.</source>
        <translation>Il n’y a pas de paramètre {} : il n’est pas utilisé.</translation>
    </message>
    <message>
        <source>{name} would replace a file in the input folder {key} ({path}). Choose another output.</source>
        <translation>{name} remplacerait un fichier du dossier d’entrée {key} ({path}). Choisissez une autre sortie.</translation>
    </message>
    <message>
        <source>{name} would lie in the input folder {key} ({path}), and the next run would take it for an input. Choose another folder.</source>
        <translation>{name} se trouverait dans le dossier d’entrée {key} ({path}), et l’exécution suivante le prendrait pour une entrée. Choisissez un autre dossier.</translation>
    </message>
    <message>
        <source>There is no parameter {name}. Is {meant} meant?</source>
        <translation>Il n’y a pas de paramètre {name}. Est-ce {meant} ?</translation>
    </message>
    <message>
        <source>{name} cannot be &apos;{value}&apos;. Choose from: {options}.</source>
        <translation>{name} ne peut pas être « {value} ». Choisissez parmi : {options}.</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>un nombre entier</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>un nombre</translation>
    </message>
    <message>
        <source>{name} cannot be &apos;{value}&apos;. Give {kind}{limits}.</source>
        <translation>{name} ne peut pas être « {value} ». Donnez {kind}{limits}.</translation>
    </message>
    <message>
        <source> from {low} to {high}</source>
        <translation> de {low} à {high}</translation>
    </message>
    <message>
        <source> of {low} or more</source>
        <translation> égal ou supérieur à {low}</translation>
    </message>
    <message>
        <source> of {high} or less</source>
        <translation> égal ou inférieur à {high}</translation>
    </message>
    <message>
        <source>Study the sensitivity of anomaly detection</source>
        <translation>Étudier la sensibilité de la détection d’anomalies</translation>
    </message>
    <message>
        <source>Plants anomalies of known type and amplitude in simulated series of four sites (a desert, crops, a city, a savanna), runs the detection, and counts what is found: probability of detection, false alarms, precision, the amplitudes found with 50 and 90 % (MDA50, MDA90) with their intervals, and how often the type is named right. Several configurations are run on the same cases: among them the detector without one of its ingredients, so that the worth of each is measured. Raw blue reflectance stands beside them as baseline.

Curves of detection after Berens (1989), ASM Handbook 17.</source>
        <translation>Introduit des anomalies de type et d’amplitude connus dans des séries simulées de quatre sites (désert, cultures, ville, savane), lance la détection et compte ce qu’elle trouve : probabilité de détection, fausses alarmes, précision, amplitudes trouvées à 50 et 90 % (MDA50, MDA90) avec leurs intervalles, et part des types bien nommés. Plusieurs configurations sont essayées sur les mêmes cas, dont le détecteur privé de l’un de ses ingrédients, afin de mesurer ce que vaut chacun. La réflectance bleue brute sert de référence.

Courbes de détection d’après Berens (1989), ASM Handbook 17.</translation>
    </message>
    <message>
        <source>Types of anomalies</source>
        <translation>Types d’anomalies</translation>
    </message>
    <message>
        <source>What is planted. Each type is a factor of the grid.</source>
        <translation>Ce qui est introduit. Chaque type est un facteur de la grille.</translation>
    </message>
    <message>
        <source>Simulated sites</source>
        <translation>Sites simulés</translation>
    </message>
    <message>
        <source>Morocco: desert; Toulouse: crops; Beijing: city; Australia: savanna. Two or more are needed for the test of dates that sites share.</source>
        <translation>Morocco : désert ; Toulouse : cultures ; Beijing : ville ; Australia : savane. Il en faut au moins deux pour le test des dates communes à plusieurs sites.</translation>
    </message>
    <message>
        <source>Configurations</source>
        <translation>Configurations</translation>
    </message>
    <message>
        <source>Pixels per cell</source>
        <translation>Pixels par cellule</translation>
    </message>
    <message>
        <source>Simulated pixels of each cell of the grid, with four anomalies each, 10 or more. Intervals are narrower with more, and the study takes longer.</source>
        <translation>Pixels simulés de chaque cellule de la grille, avec quatre anomalies chacun, 10 ou plus. Davantage resserre les intervalles et allonge l’étude.</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>Sensibilité</translation>
    </message>
    <message>
        <source>One row per cell of the grid and amplitude, with all figures.</source>
        <translation>Une ligne par cellule de la grille et par amplitude, avec tous les chiffres.</translation>
    </message>
    <message>
        <source>Confusion of types</source>
        <translation>Confusion des types</translation>
    </message>
    <message>
        <source>How the detected anomalies of each cell were named.</source>
        <translation>Comment les anomalies détectées de chaque cellule ont été nommées.</translation>
    </message>
    <message>
        <source>Curves, ranking, algorithmic improvements, names, MDA, and limits.</source>
        <translation>Courbes, classement, améliorations algorithmiques, noms, MDA et limites.</translation>
    </message>
    <message>
        <source>Cells of the grid</source>
        <translation>Cellules de la grille</translation>
    </message>
    <message>
        <source>False alarms per clear date</source>
        <translation>Fausses alarmes par date claire</translation>
    </message>
    <message>
        <source>Median MDA90 (reflectance)</source>
        <translation>MDA90 médiane (réflectance)</translation>
    </message>
    <message>
        <source>Named right (percent)</source>
        <translation>Bien nommées (pour cent)</translation>
    </message>
    <message>
        <source>Configuration that finds most</source>
        <translation>Configuration qui trouve le plus</translation>
    </message>
    <message>
        <source>Amplitudes (reflectance)</source>
        <translation>Amplitudes (réflectance)</translation>
    </message>
    <message>
        <source>More than 0, separated by commas. Shadow gets four times as much of the direct sun, gain twice as much of the signal.</source>
        <translation>Supérieures à 0, séparées par des virgules. L’ombre en reçoit quatre fois autant du soleil direct, le gain deux fois autant du signal.</translation>
    </message>
    <message>
        <source>Shares of masked dates</source>
        <translation>Parts de dates masquées</translation>
    </message>
    <message>
        <source>0 to 0.75, separated by commas; clouds come in runs of three dates.</source>
        <translation>De 0 à 0.75, séparées par des virgules ; les nuages viennent par suites de trois dates.</translation>
    </message>
    <message>
        <source>Shares of missed clouds</source>
        <translation>Parts de nuages manqués</translation>
    </message>
    <message>
        <source>Of the dates that the mask calls clear, 0 to 0.5, separated by commas.</source>
        <translation>Parmi les dates que le masque dit claires, de 0 à 0.5, séparées par des virgules.</translation>
    </message>
    <message>
        <source>Draws of pixels for the intervals of MDA50 and MDA90, 20 or more.</source>
        <translation>Tirages de pixels pour les intervalles de MDA50 et MDA90, 20 ou plus.</translation>
    </message>
    <message>
        <source>Test over sites and second opinions</source>
        <translation>Test sur plusieurs sites et seconds avis</translation>
    </message>
    <message>
        <source>Measure these two as well; takes a fifth of the time.</source>
        <translation>Mesurer ces deux-là aussi ; prend un cinquième du temps.</translation>
    </message>
    <message>
        <source>Grid (JSON)</source>
        <translation>Grille (JSON)</translation>
    </message>
    <message>
        <source>A file with any of types, amplitudes, gaps, contamination, sites, configurations, pixels, replicates, seed: replaces the parameters here, and takes configurations of your own.</source>
        <translation>Fichier contenant tout ou partie de types, amplitudes, gaps, contamination, sites, configurations, pixels, replicates, seed : remplace les paramètres d’ici, et accepte vos propres configurations.</translation>
    </message>
    <message>
        <source>Detect anomalies in time series</source>
        <translation>Détecter les anomalies de séries temporelles</translation>
    </message>
    <message>
        <source>The output of &apos;Extract time series&apos;, or another table with a row per date and band, or a column per band.</source>
        <translation>La sortie de « Extraire des séries temporelles », ou une autre table avec une ligne par date et par bande, ou une colonne par bande.</translation>
    </message>
    <message>
        <source>Level of shared events</source>
        <translation>Niveau des événements communs</translation>
    </message>
    <message>
        <source>Chance of seeing any date that sites share where they share none, and false discovery rate of steps, between 0 and 1.</source>
        <translation>Probabilité de voir une date commune là où les sites n’en partagent aucune, et taux de fausses découvertes des sauts, entre 0 et 1.</translation>
    </message>
    <message>
        <source>Window of shared dates (days)</source>
        <translation>Fenêtre des dates communes (jours)</translation>
    </message>
    <message>
        <source>Dates of two sites that are no farther apart count as one; 0 or more.</source>
        <translation>Les dates de deux sites qui ne sont pas plus éloignées comptent pour une ; 0 ou plus.</translation>
    </message>
    <message>
        <source>Seek lasting changes</source>
        <translation>Chercher les changements durables</translation>
    </message>
    <message>
        <source>Look for steps of the level too; takes most of the time.</source>
        <translation>Chercher aussi les sauts de niveau ; prend la plus grande partie du temps.</translation>
    </message>
    <message>
        <source>Distance of possible steps (days)</source>
        <translation>Distance des sauts possibles (jours)</translation>
    </message>
    <message>
        <source>Steps are sought at such distances, then at all dates near the best.</source>
        <translation>Les sauts sont cherchés à ces distances, puis à toutes les dates proches du meilleur.</translation>
    </message>
    <message>
        <source>Observations</source>
        <translation>Observations</translation>
    </message>
    <message>
        <source>All rows of the input with expected value, residual and z, and the p-value, status and type of their date. The panel &apos;Time series&apos; reads it.</source>
        <translation>Toutes les lignes de l’entrée avec valeur attendue, résidu et z, et la p-valeur, l’état et le type de leur date. Le panneau « Séries temporelles » la lit.</translation>
    </message>
    <message>
        <source>Anomalies</source>
        <translation>Anomalies</translation>
    </message>
    <message>
        <source>One point at the site for each date that was flagged.</source>
        <translation>Un point sur le site pour chaque date signalée.</translation>
    </message>
    <message>
        <source>Shared dates and lasting changes</source>
        <translation>Dates communes et changements durables</translation>
    </message>
    <message>
        <source>Events of sensor or ground, and levels between sensors.</source>
        <translation>Événements du capteur ou du sol, et niveaux entre capteurs.</translation>
    </message>
    <message>
        <source>Anomalies, series, rates, noise, mask and limits, with figures.</source>
        <translation>Anomalies, séries, taux, bruit, masque et limites, avec figures.</translation>
    </message>
    <message>
        <source>Dates</source>
        <translation>Dates</translation>
    </message>
    <message>
        <source>Tested dates</source>
        <translation>Dates testées</translation>
    </message>
    <message>
        <source>Expected false alarms</source>
        <translation>Fausses alarmes attendues</translation>
    </message>
    <message>
        <source>Dates that sites share</source>
        <translation>Dates communes à plusieurs sites</translation>
    </message>
    <message>
        <source>Lasting changes</source>
        <translation>Changements durables</translation>
    </message>
    <message>
        <source>Most frequent type</source>
        <translation>Type le plus fréquent</translation>
    </message>
    <message>
        <source>Threshold (p-value)</source>
        <translation>Seuil (p-valeur)</translation>
    </message>
    <message>
        <source>Harmonics</source>
        <translation>Harmoniques</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>Méthodes</translation>
    </message>
    <message>
        <source>robust, the joint score of all bands, always decides; the others are second opinions that are reported with each date and raise no alarm.</source>
        <translation>robust, le score conjoint de toutes les bandes, décide toujours ; les autres sont des seconds avis, donnés avec chaque date, qui ne lèvent aucune alarme.</translation>
    </message>
    <message>
        <source>Scale of the noise</source>
        <translation>Échelle du bruit</translation>
    </message>
    <message>
        <source>symmetric: from all residuals; lower: from those below the model, for masks that let a third of the clouds or more through.</source>
        <translation>symmetric : tirée de tous les résidus ; lower : de ceux sous le modèle, pour les masques qui laissent passer un tiers des nuages ou plus.</translation>
    </message>
    <message>
        <source>Inject anomalies into time series</source>
        <translation>Injecter des anomalies dans des séries temporelles</translation>
    </message>
    <message>
        <source>Each is planted at each site. step and drift begin once and last to the end; wrong_date puts the spectrum of another date there.</source>
        <translation>Chacun est introduit sur chaque site. step et drift commencent une fois et durent jusqu’à la fin ; wrong_date y met le spectre d’une autre date.</translation>
    </message>
    <message>
        <source>Amplitude</source>
        <translation>Amplitude</translation>
    </message>
    <message>
        <source>Empty: a middling one for each type. One number for all, or pairs such as cloud=0.1, shadow=0.4. Reflectance (largest change over the bands); shadow: share of the direct sun; gain and drift: share (of a year); wrong_date: days.</source>
        <translation>Vide : une valeur moyenne pour chaque type. Un nombre pour tous, ou des paires telles que cloud=0.1, shadow=0.4. Réflectance (plus grand changement sur les bandes) ; shadow : part du soleil direct ; gain et drift : part (par an) ; wrong_date : jours.</translation>
    </message>
    <message>
        <source>Anomalies per type and site</source>
        <translation>Anomalies par type et par site</translation>
    </message>
    <message>
        <source>Number of anomalies of each type at each site, 1 or more.</source>
        <translation>Nombre d’anomalies de chaque type sur chaque site, 1 ou plus.</translation>
    </message>
    <message>
        <source>Duration (clear dates)</source>
        <translation>Durée (dates claires)</translation>
    </message>
    <message>
        <source>How many clear dates in a row each anomaly lasts, 1 or more.</source>
        <translation>Combien de dates claires de suite dure chaque anomalie, 1 ou plus.</translation>
    </message>
    <message>
        <source>Start of the random draws: the same seed plants the same anomalies.</source>
        <translation>Départ des tirages aléatoires : la même graine introduit les mêmes anomalies.</translation>
    </message>
    <message>
        <source>Time series with anomalies</source>
        <translation>Séries temporelles avec anomalies</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>Vérité</translation>
    </message>
    <message>
        <source>One row per changed date: type, amplitude, and the change of each band.</source>
        <translation>Une ligne par date changée : type, amplitude et changement de chaque bande.</translation>
    </message>
    <message>
        <source>Changed dates</source>
        <translation>Dates changées</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>bfastmonitor: all of it, or roc: the part before the start that the reverse-ordered CUSUM finds stable.</source>
        <translation>bfastmonitor : all : tout l’historique ; roc : la partie avant le début que le CUSUM en ordre inverse trouve stable.</translation>
    </message>
    <message>
        <source>Start of the history</source>
        <translation>Début de l’historique</translation>
    </message>
    <message>
        <source>bfastmonitor: nothing before this day is used, as 2016-01-01. Empty: all is.</source>
        <translation>bfastmonitor : rien avant ce jour n’est utilisé, par exemple 2016-01-01. Vide : tout l’est.</translation>
    </message>
    <message>
        <source>Level of false alarms</source>
        <translation>Taux de fausses alarmes</translation>
    </message>
    <message>
        <source>bfastmonitor: probability that a stable series is called a break over the whole monitoring, 0.001 to 0.05.</source>
        <translation>bfastmonitor : probabilité qu’une série stable soit déclarée rompue sur toute la surveillance, de 0.001 à 0.05.</translation>
    </message>
    <message>
        <source>Window of the moving sum</source>
        <translation>Fenêtre de la somme mobile</translation>
    </message>
    <message>
        <source>bfastmonitor: bandwidth as a share of the history; smaller reacts sooner.</source>
        <translation>bfastmonitor : largeur en part de l’historique ; plus petite, elle réagit plus tôt.</translation>
    </message>
    <message>
        <source>Longest monitoring</source>
        <translation>Surveillance la plus longue</translation>
    </message>
    <message>
        <source>bfastmonitor: length of history and monitoring together, in lengths of the history; the critical value is that of it.</source>
        <translation>bfastmonitor : durée de l’historique et de la surveillance ensemble, en durées de l’historique ; elle fixe la valeur critique.</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>Processus</translation>
    </message>
    <message>
        <source>bfastmonitor: the moving sum (mosum) or the cumulative sum (cusum) is watched.</source>
        <translation>bfastmonitor : on surveille la somme mobile (mosum) ou la somme cumulée (cusum).</translation>
    </message>
    <message>
        <source>Clock of the boundary</source>
        <translation>Horloge de la limite</translation>
    </message>
    <message>
        <source>bfastmonitor: the boundary rises with the number of observations, as in strucchange, or with the days, as in the Python package bfast.</source>
        <translation>bfastmonitor : la limite croît avec le nombre d’observations, comme dans strucchange, ou avec les jours, comme dans le paquet Python bfast.</translation>
    </message>
    <message>
        <source>bfastmonitor: waves of the year in the seasonal model, 0 to 3.</source>
        <translation>bfastmonitor : ondes annuelles du modèle saisonnier, de 0 à 3.</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>Tendance</translation>
    </message>
    <message>
        <source>Screen out spikes</source>
        <translation>Écarter les pics</translation>
    </message>
    <message>
        <source>bfastmonitor: leave out single odd dates (clouds that the mask has missed) before the test; without it 2 % of them double the false alarms.</source>
        <translation>bfastmonitor : écarte avant le test les dates isolées aberrantes (nuages manqués par le masque) ; sans cela 2 % d’entre elles doublent les fausses alarmes.</translation>
    </message>
    <message>
        <source>Size of spikes (sigmas)</source>
        <translation>Taille des pics (sigmas)</translation>
    </message>
    <message>
        <source>bfastmonitor: residuals beyond this are spikes where no others follow them.</source>
        <translation>bfastmonitor : au-delà, les résidus sont des pics si d’autres ne les suivent pas.</translation>
    </message>
    <message>
        <source>Consecutive dates</source>
        <translation>Dates consécutives</translation>
    </message>
    <message>
        <source>joint: so many clear dates in a row have to deviate together, 2 to 12.</source>
        <translation>joint : nombre de dates claires de suite qui doivent s’écarter ensemble, de 2 à 12.</translation>
    </message>
    <message>
        <source>Probability of the joint test</source>
        <translation>Probabilité du test conjoint</translation>
    </message>
    <message>
        <source>joint: quantile of chi-square that each of these dates has to exceed, 0.5 to 1.</source>
        <translation>joint : quantile du khi-deux que chacune de ces dates doit dépasser, de 0.5 à 1.</translation>
    </message>
    <message>
        <source>Widest angle (degrees)</source>
        <translation>Angle maximal (degrés)</translation>
    </message>
    <message>
        <source>joint: mean angle between one deviation and the next, so that all point one way.</source>
        <translation>joint : angle moyen entre un écart et le suivant, pour que tous aillent dans le même sens.</translation>
    </message>
    <message>
        <source>Smallest noise</source>
        <translation>Bruit minimal</translation>
    </message>
    <message>
        <source>Smallest standard deviation believed, in the unit of the values: keeps constant or coarsely quantized series from being all breaks.</source>
        <translation>Plus petit écart-type admis, dans l’unité des valeurs : évite que des séries constantes ou grossièrement quantifiées ne soient que ruptures.</translation>
    </message>
    <message>
        <source>Detect breaks</source>
        <translation>Détecter les ruptures</translation>
    </message>
    <message>
        <source>Finds lasting changes in every pixel of an image stack, or in the time series of sites. bfastmonitor: a seasonal model of the history, and a moving sum of residuals after the start that must not cross a boundary (Verbesselt et al. 2012, 10.1016/j.rse.2012.02.022), for one band or an index such as NDVI. joint: all bands together, six consecutive clear dates that deviate in one direction (after COLD, Zhu et al. 2020, 10.1016/j.rse.2019.03.009). Both leave out clouds that the mask has missed first. Gives date, magnitude and probability of the break, and a status that says where there was too little to tell. Works tile by tile, resumes where it was stopped.</source>
        <translation>Trouve les changements durables dans chaque pixel d’une pile d’images, ou dans les séries temporelles de sites. bfastmonitor : un modèle saisonnier de l’historique et une somme mobile des résidus après le début, qui ne doit pas franchir une limite (Verbesselt et al. 2012, 10.1016/j.rse.2012.02.022), pour une bande ou un indice comme le NDVI. joint : toutes les bandes ensemble, six dates claires consécutives qui s’écartent dans une même direction (d’après COLD, Zhu et al. 2020, 10.1016/j.rse.2019.03.009). Les deux écartent d’abord les nuages manqués par le masque. Donne la date, l’amplitude et la probabilité de la rupture, et un état qui dit où il y avait trop peu pour juger. Travaille tuile par tuile et reprend là où il a été arrêté.</translation>
    </message>
    <message>
        <source>bfastmonitor: one band or index, watched from the start on; joint: all bands together, over the whole series.</source>
        <translation>bfastmonitor : une bande ou un indice, surveillé à partir du début ; joint : toutes les bandes ensemble, sur toute la série.</translation>
    </message>
    <message>
        <source>Start of monitoring</source>
        <translation>Début de la surveillance</translation>
    </message>
    <message>
        <source>First day that may hold a break, as 2020-01-31. bfastmonitor needs it: what is before is the history. joint: earlier breaks are not told; empty: all are.</source>
        <translation>Premier jour qui peut porter une rupture, par exemple 2020-01-31. bfastmonitor en a besoin : ce qui précède est l’historique. joint : les ruptures antérieures ne sont pas données ; vide : toutes le sont.</translation>
    </message>
    <message>
        <source>Index</source>
        <translation>Indice</translation>
    </message>
    <message>
        <source>bfastmonitor: a band, NDVI, NBR, NDMI, NDWI, or a formula of bands such as (B8 - B4) / (B8 + B4). Empty: the band named in BANDS, else NDVI.</source>
        <translation>bfastmonitor : une bande, NDVI, NBR, NDMI, NDWI, ou une formule de bandes comme (B8 - B4) / (B8 + B4). Vide : la bande nommée dans BANDS, sinon NDVI.</translation>
    </message>
    <message>
        <source>Break date</source>
        <translation>Date de rupture</translation>
    </message>
    <message>
        <source>Of products and stacks: day of the break in days since 1970-01-01 (18262 is 2020-01-01), 32 bit integer, no data -9999.</source>
        <translation>Pour produits et piles : jour de la rupture en jours depuis le 1970-01-01 (18262 est le 2020-01-01), entier 32 bits, sans donnée -9999.</translation>
    </message>
    <message>
        <source>Magnitude of the change</source>
        <translation>Amplitude du changement</translation>
    </message>
    <message>
        <source>In the unit of the values, 32 bit floating point, no data -9999. bfastmonitor: median residual after the start; joint: change at the break, one layer per band.</source>
        <translation>Dans l’unité des valeurs, virgule flottante 32 bits, sans donnée -9999. bfastmonitor : résidu médian après le début ; joint : changement à la rupture, une couche par bande.</translation>
    </message>
    <message>
        <source>Probability of the break</source>
        <translation>Probabilité de la rupture</translation>
    </message>
    <message>
        <source>0 to 1, no data -9999. bfastmonitor: 1 minus the smallest level at which the break is found; joint: share of the consecutive dates that changed.</source>
        <translation>De 0 à 1, sans donnée -9999. bfastmonitor : 1 moins le plus petit taux auquel la rupture est trouvée ; joint : part des dates consécutives qui ont changé.</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>État</translation>
    </message>
    <message>
        <source>0 stable, 1 break, 2 change that has begun (joint), 3 too few observations, 255 none at all.</source>
        <translation>0 stable, 1 rupture, 2 changement commencé (joint), 3 trop peu d’observations, 255 aucune.</translation>
    </message>
    <message>
        <source>Table of breaks</source>
        <translation>Tableau des ruptures</translation>
    </message>
    <message>
        <source>Of a table: a row per break, or per site without any, with the site&apos;s point. Of images: a row per day with breaks, with the number of pixels.</source>
        <translation>D’un tableau : une ligne par rupture, ou par site sans rupture, avec le point du site. D’images : une ligne par jour avec ruptures, avec le nombre de pixels.</translation>
    </message>
    <message>
        <source>Pixels or sites with a break</source>
        <translation>Pixels ou sites avec rupture</translation>
    </message>
    <message>
        <source>Pixels or sites where a change has begun</source>
        <translation>Pixels ou sites où un changement a commencé</translation>
    </message>
    <message>
        <source>Pixels or sites tested</source>
        <translation>Pixels ou sites testés</translation>
    </message>
    <message>
        <source>Pixels or sites with too few observations</source>
        <translation>Pixels ou sites avec trop peu d’observations</translation>
    </message>
    <message>
        <source>bfastmonitor needs the start of monitoring: the first day that may hold a break.</source>
        <translation>bfastmonitor a besoin du début de la surveillance : le premier jour qui peut porter une rupture.</translation>
    </message>
    <message>
        <source>Say where the rasters go: OUTPUT, MAGNITUDE, PROBABILITY or STATUS.</source>
        <translation>Indiquez où vont les rasters : OUTPUT, MAGNITUDE, PROBABILITY ou STATUS.</translation>
    </message>
    <message>
        <source>A table gives no rasters: ask for OUTPUT_TABLE only.</source>
        <translation>Un tableau ne donne pas de rasters : demandez seulement OUTPUT_TABLE.</translation>
    </message>
    <message>
        <source>Say where the table of breaks goes (OUTPUT_TABLE).</source>
        <translation>Indiquez où va le tableau des ruptures (OUTPUT_TABLE).</translation>
    </message>
    <message>
        <source>Fills what clouds and missing dates leave open, and brings images or series to dates at equal steps: by linear interpolation between the clear dates, by the Whittaker smoother (Eilers 2003, 10.1021/ac034173t) or by a Savitzky-Golay filter. Takes products, a stack of dated rasters, or a table of time series. Beside the values come the days to the nearest clear date. Before the first and after the last clear date values are held for a limited time only; pixels that are never clear stay empty. Rasters are worked on tile by tile; a run that was stopped goes on where it was.</source>
        <translation>Comble ce que les nuages et les dates manquantes laissent vide, et ramène images ou séries à des dates à pas égal : par interpolation linéaire entre les dates claires, par le lisseur de Whittaker (Eilers 2003, 10.1021/ac034173t) ou par un filtre de Savitzky-Golay. Prend des produits, une pile de rasters datés ou un tableau de séries temporelles. Les valeurs sont accompagnées des jours jusqu’à la date claire la plus proche. Avant la première et après la dernière date claire, les valeurs ne sont maintenues qu’un temps limité ; les pixels jamais clairs restent vides. Les rasters sont traités tuile par tuile ; une exécution arrêtée reprend où elle en était.</translation>
    </message>
    <message>
        <source>The layer {} cannot stand for a file: it has none, is filtered or is being edited. Give the file itself, or save the layer to one.</source>
        <translation>La couche {} ne peut pas tenir lieu de fichier : elle n’en a pas, est filtrée ou en cours d’édition. Donnez le fichier lui-même, ou enregistrez la couche dans un fichier.</translation>
    </message>
    <message>
        <source>Product folders or archives (zip, tar, tgz), folders that hold them, or the file of a catalog made by &apos;Catalog products&apos; (or the name or id of its layer in the project). Give these or a stack.</source>
        <translation>Dossiers ou archives de produits (zip, tar, tgz), dossiers qui en contiennent, ou le fichier d’un catalogue fait par 'Cataloguer des produits' (ou le nom ou l’identifiant de sa couche dans le projet). Donnez ceux-ci ou une pile.</translation>
    </message>
    <message>
        <source>{key}: {path} is a file, so it holds no outputs. Choose a folder.</source>
        <translation>{key} : {path} est un fichier, il ne peut donc pas contenir de sortie. Choisissez un dossier.</translation>
    </message>
    <message>
        <source>{key}: nothing can be written into {path}. Choose another output.</source>
        <translation>{key} : rien ne peut être écrit dans {path}. Choisissez une autre sortie.</translation>
    </message>
    <message>
        <source>{path} is not a style of this toolbox: it was left as it is. Remove it to get the toolbox&apos;s own style.</source>
        <translation>{path} n’est pas un style de cette boîte à outils : il a été laissé tel quel. Supprimez-le pour obtenir le style de la boîte à outils.</translation>
    </message>
    <message>
        <source>Observations without a cloud mask</source>
        <translation>Observations sans masque de nuages</translation>
    </message>
    <message>
        <source>This series is in no file, so there is no place for a verdict. Save it first.</source>
        <translation>Cette série n’est dans aucun fichier : il n’y a pas de place pour un verdict. Enregistrez-la d’abord.</translation>
    </message>
    <message>
        <source>Keep the verdict</source>
        <translation>Garder le verdict</translation>
    </message>
    <message>
        <source>Previous anomaly (key P)</source>
        <translation>Anomalie précédente (touche P)</translation>
    </message>
    <message>
        <source>Next anomaly (key N)</source>
        <translation>Anomalie suivante (touche N)</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Confirmer</translation>
    </message>
    <message>
        <source>The anomaly is real and its type is right</source>
        <translation>L’anomalie est réelle et son type est juste</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Rejeter</translation>
    </message>
    <message>
        <source>There is no anomaly</source>
        <translation>Il n’y a pas d’anomalie</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Autre</translation>
    </message>
    <message>
        <source>The date has an anomaly of another type</source>
        <translation>La date a une anomalie d’un autre type</translation>
    </message>
    <message>
        <source>Take the verdict back</source>
        <translation>Retirer le verdict</translation>
    </message>
    <message>
        <source>Click a date, or go through {} anomalies</source>
        <translation>Cliquez sur une date, ou parcourez {} anomalies</translation>
    </message>
    <message>
        <source>Click a date to look at it</source>
        <translation>Cliquez sur une date pour la regarder</translation>
    </message>
    <message>
        <source>Check the sites on the time axis; click one to see its model and statistics</source>
        <translation>Cochez les sites à montrer sur l’axe du temps ; cliquez sur l’un d’eux pour voir son modèle et ses statistiques</translation>
    </message>
    <message>
        <source>Bands and indices that are shown, six at most</source>
        <translation>Bandes et indices montrés, six au plus</translation>
    </message>
    <message>
        <source>Reasons of masked observations that are shown, hollow and gray</source>
        <translation>Raisons des observations masquées qui sont montrées, creuses et grises</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatique</translation>
    </message>
    <message>
        <source>Waves of the year in the model; automatic: by the number of clear observations</source>
        <translation>Ondes annuelles du modèle ; automatique : d’après le nombre d’observations claires</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Seuil</translation>
    </message>
    <message>
        <source>Dates whose chance is smaller are anomalies; smaller finds fewer</source>
        <translation>Les dates dont la probabilité est plus petite sont des anomalies ; plus petit en trouve moins</translation>
    </message>
    <message>
        <source>Back to the settings that the table was made with</source>
        <translation>Revenir aux réglages avec lesquels la table a été faite</translation>
    </message>
    <message>
        <source>Masked</source>
        <translation>Masquées</translation>
    </message>
    <message>
        <source>Types</source>
        <translation>Types</translation>
    </message>
    <message>
        <source>Which types are shown, here and in the plots</source>
        <translation>Les types montrés, ici et dans les graphiques</translation>
    </message>
    <message>
        <source>All types</source>
        <translation>Tous les types</translation>
    </message>
    <message>
        <source>{} anomalies</source>
        <translation>{} anomalies</translation>
    </message>
    <message>
        <source>1 anomaly</source>
        <translation>1 anomalie</translation>
    </message>
    <message>
        <source>{} types hidden</source>
        <translation>{} types cachés</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Confiance</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>Model ± {} σ</source>
        <translation>Modèle ± {} σ</translation>
    </message>
    <message>
        <source>Common dates</source>
        <translation>Dates communes</translation>
    </message>
    <message>
        <source>Cloud</source>
        <translation>Nuage</translation>
    </message>
    <message>
        <source>Thin cloud</source>
        <translation>Nuage fin</translation>
    </message>
    <message>
        <source>Shadow</source>
        <translation>Ombre</translation>
    </message>
    <message>
        <source>AOT under-corrected</source>
        <translation>AOT sous-corrigée</translation>
    </message>
    <message>
        <source>AOT over-corrected</source>
        <translation>AOT sur-corrigée</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Gain</translation>
    </message>
    <message>
        <source>Wrong date</source>
        <translation>Date fausse</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Inconnu</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Aucun</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>confirmée</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>rejetée</translation>
    </message>
    <message>
        <source>rather: {}</source>
        <translation>plutôt : {}</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>sans donnée</translation>
    </message>
    <message>
        <source>saturated</source>
        <translation>saturé</translation>
    </message>
    <message>
        <source>cloud</source>
        <translation>nuage</translation>
    </message>
    <message>
        <source>thin cloud</source>
        <translation>nuage fin</translation>
    </message>
    <message>
        <source>cirrus</source>
        <translation>cirrus</translation>
    </message>
    <message>
        <source>cloud shadow</source>
        <translation>ombre de nuage</translation>
    </message>
    <message>
        <source>cloud or shadow</source>
        <translation>nuage ou ombre</translation>
    </message>
    <message>
        <source>snow</source>
        <translation>neige</translation>
    </message>
    <message>
        <source>water</source>
        <translation>eau</translation>
    </message>
    <message>
        <source>terrain shadow</source>
        <translation>ombre du relief</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>masqué</translation>
    </message>
    <message>
        <source>no band has a value</source>
        <translation>aucune bande n’a de valeur</translation>
    </message>
    <message>
        <source>occurs twice</source>
        <translation>présente deux fois</translation>
    </message>
    <message>
        <source>not tested: the model hangs on this date alone</source>
        <translation>non testée : le modèle ne tient qu’à cette date</translation>
    </message>
    <message>
        <source>not tested: too few clear observations</source>
        <translation>non testée : trop peu d’observations claires</translation>
    </message>
    <message>
        <source>{} days</source>
        <translation>{} jours</translation>
    </message>
    <message>
        <source>Reading the time series…</source>
        <translation>Lecture des séries temporelles…</translation>
    </message>
    <message>
        <source>Read time series</source>
        <translation>Lire des séries temporelles</translation>
    </message>
    <message>
        <source>These series are in no file that a command could read.</source>
        <translation>Ces séries ne sont dans aucun fichier qu’une commande pourrait lire.</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Séries</translation>
    </message>
    <message>
        <source>Spectrum</source>
        <translation>Spectre</translation>
    </message>
    <message>
        <source>Season</source>
        <translation>Saison</translation>
    </message>
    <message>
        <source>Look at time series and their anomalies</source>
        <translation>Regarder des séries temporelles et leurs anomalies</translation>
    </message>
    <message>
        <source>Open the table that “Extract time series” or “Detect anomalies in time series” wrote, or load simulated series of four sites to see a finished case on the map and here.</source>
        <translation>Ouvrez la table écrite par « Extraire des séries temporelles » ou « Détecter les anomalies de séries temporelles », ou chargez des séries simulées de quatre sites pour voir un cas fini sur la carte et ici.</translation>
    </message>
    <message>
        <source>Open a table…</source>
        <translation>Ouvrir une table…</translation>
    </message>
    <message>
        <source>Choose a table of time series</source>
        <translation>Choisissez une table de séries temporelles</translation>
    </message>
    <message>
        <source>Tables of time series in the project and opened before</source>
        <translation>Tables de séries temporelles du projet et ouvertes auparavant</translation>
    </message>
    <message>
        <source>Open a table of time series from a file</source>
        <translation>Ouvrir une table de séries temporelles depuis un fichier</translation>
    </message>
    <message>
        <source>Tables of time series</source>
        <translation>Tables de séries temporelles</translation>
    </message>
    <message>
        <source>{band} {value}, expected {expected}, z {z}</source>
        <translation>{band} {value}, attendu {expected}, z {z}</translation>
    </message>
    <message>
        <source>masked: {}</source>
        <translation>masqué : {}</translation>
    </message>
    <message>
        <source>as expected (p {})</source>
        <translation>comme attendu (p {})</translation>
    </message>
    <message>
        <source>{type} {amplitude} (confidence {confidence}, p {p})</source>
        <translation>{type} {amplitude} (confiance {confidence}, p {p})</translation>
    </message>
    <message>
        <source>Season and years</source>
        <translation>Saison et années</translation>
    </message>
    <message>
        <source>Residual (z)</source>
        <translation>Résidu (z)</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>Band or index</source>
        <translation>Bande ou indice</translation>
    </message>
    <message>
        <source>What the colors show</source>
        <translation>Ce que montrent les couleurs</translation>
    </message>
    <message>
        <source>Year</source>
        <translation>Année</translation>
    </message>
    <message>
        <source>Day of the year</source>
        <translation>Jour de l’année</translation>
    </message>
    <message>
        <source>Season of {}</source>
        <translation>Saison de {}</translation>
    </message>
    <message>
        <source>{}: {} to {}</source>
        <translation>{} : {} à {}</translation>
    </message>
    <message>
        <source>{year}, days {first} to {last}: mean {mean} of {count} clear dates</source>
        <translation>{year}, jours {first} à {last} : moyenne {mean} de {count} dates claires</translation>
    </message>
    <message>
        <source>Click for the date that is farthest off: {}</source>
        <translation>Cliquez pour la date la plus éloignée : {}</translation>
    </message>
    <message>
        <source>Reflectance</source>
        <translation>Réflectance</translation>
    </message>
    <message>
        <source>Wavelength (nm)</source>
        <translation>Longueur d’onde (nm)</translation>
    </message>
    <message>
        <source>Match (%)</source>
        <translation>Accord (%)</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Attendu</translation>
    </message>
    <message>
        <source>Observed</source>
        <translation>Observé</translation>
    </message>
    <message>
        <source>Spectrum of {site}, {date}</source>
        <translation>Spectre de {site}, {date}</translation>
    </message>
    <message>
        <source>Spectrum: choose a date in the plots or in the list</source>
        <translation>Spectre : choisissez une date dans les graphiques ou dans la liste</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>Bande</translation>
    </message>
    <message>
        <source>Expected ± {} σ</source>
        <translation>Attendu ± {} σ</translation>
    </message>
    <message>
        <source>{band} ({nm} nm): {value}, expected {expected} ± {noise}, z {z}</source>
        <translation>{band} ({nm} nm) : {value}, attendu {expected} ± {noise}, z {z}</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Claires</translation>
    </message>
    <message>
        <source>Observations that no mask marks and that have a value</source>
        <translation>Observations qu’aucun masque ne marque et qui ont une valeur</translation>
    </message>
    <message>
        <source>Observations that a mask marks</source>
        <translation>Observations qu’un masque marque</translation>
    </message>
    <message>
        <source>Tested</source>
        <translation>Testées</translation>
    </message>
    <message>
        <source>Clear observations that the model could be held against</source>
        <translation>Observations claires auxquelles le modèle a pu être comparé</translation>
    </message>
    <message>
        <source>Tested dates whose chance is below the threshold</source>
        <translation>Dates testées dont la probabilité est sous le seuil</translation>
    </message>
    <message>
        <source>Threshold times tested dates: how many would be flagged if nothing was wrong</source>
        <translation>Seuil fois dates testées : combien seraient signalées si rien n’était faux</translation>
    </message>
    <message>
        <source>Waves of the year in the model of this site</source>
        <translation>Ondes annuelles du modèle de ce site</translation>
    </message>
    <message>
        <source>Root mean square of the residuals of the dates in the model</source>
        <translation>Moyenne quadratique des résidus des dates du modèle</translation>
    </message>
    <message>
        <source>Madogram</source>
        <translation>Madogramme</translation>
    </message>
    <message>
        <source>Median absolute difference of clear values that follow each other: needs no model</source>
        <translation>Médiane des écarts absolus de valeurs claires qui se suivent : sans modèle</translation>
    </message>
    <message>
        <source>Stacked</source>
        <translation>Empilées</translation>
    </message>
    <message>
        <source>A row for each band, with all sites; otherwise all bands of the picked site in one</source>
        <translation>Une rangée par bande, avec tous les sites ; sinon toutes les bandes du site choisi dans une seule</translation>
    </message>
    <message>
        <source>z</source>
        <translation>z</translation>
    </message>
    <message>
        <source>Simulating time series of four sites…</source>
        <translation>Simulation de séries temporelles de quatre sites…</translation>
    </message>
    <message>
        <source>Simulate time series</source>
        <translation>Simuler des séries temporelles</translation>
    </message>
    <message>
        <source>There is no site of the time series here.</source>
        <translation>Il n’y a pas de site des séries temporelles ici.</translation>
    </message>
    <message>
        <source>Time series (simulated example)</source>
        <translation>Séries temporelles (exemple simulé)</translation>
    </message>
    <message>
        <source>Plants anomalies of known type, date and size in your own time series, so that you can see what a detection finds there. Clouds, thin clouds, shadows and wrong AOT follow simple radiative transfer over the ground of the date; gains, offsets, swapped dates, lasting steps and drifts follow their definition. The table stays as it is but for the changed values; the truth is a second table.

Products and stacks of dated rasters are changed by a plan in JSON, which says what happens on which date, where, and how strongly; also snow, burnt ground, harvests, shifts and stripes. The changed images are a stack again.

Two-stream layers after Coakley and Chylek (1975), coupling of atmosphere and ground after Tanre et al. (1990), 10.1080/01431169008955048.</source>
        <translation>Introduit des anomalies de type, de date et de taille connus dans vos propres séries temporelles, pour voir ce qu’une détection y trouve. Nuages, nuages fins, ombres et AOT fausse suivent un transfert radiatif simple au-dessus du sol de la date ; gains, décalages, dates échangées, sauts durables et dérives suivent leur définition. La table reste telle quelle, sauf les valeurs changées ; la vérité est une seconde table.

Les produits et les piles d’images datées sont modifiés selon un plan en JSON, qui dit ce qui se passe à quelle date, où et avec quelle force ; aussi neige, sol brûlé, récoltes, décalages et rayures. Les images modifiées forment de nouveau une pile.

Couches à deux flux d’après Coakley et Chylek (1975), couplage de l’atmosphère et du sol d’après Tanre et al. (1990), 10.1080/01431169008955048.</translation>
    </message>
    <message>
        <source>The output of &apos;Extract time series&apos;, or another table with a row per date and band, or a column per band. Give this, or products, or a stack.</source>
        <translation>La sortie de « Extraire des séries temporelles », ou un autre tableau avec une ligne par date et par bande, ou une colonne par bande. Donner ceci, ou des produits, ou une pile.</translation>
    </message>
    <message>
        <source>Of a table: all its columns and rows; only values are changed.</source>
        <translation>D’un tableau : toutes ses colonnes et lignes ; seules des valeurs sont modifiées.</translation>
    </message>
    <message>
        <source>Folder of the changed images</source>
        <translation>Dossier des images modifiées</translation>
    </message>
    <message>
        <source>Plan of injections (JSON)</source>
        <translation>Plan des injections (JSON)</translation>
    </message>
    <message>
        <source>For products and stacks: what is planted, by type, amplitude, date (number of the image, from 0), duration, extent or window.</source>
        <translation>Pour les produits et les piles : ce qui est introduit, par type, amplitude, date (numéro de l’image, à partir de 0), durée, étendue ou fenêtre.</translation>
    </message>
    <message>
        <source>Folder for the changed images</source>
        <translation>Dossier où écrire les images modifiées</translation>
    </message>
    <message>
        <source>For products and stacks: gets one GeoTIFF per date, reflectance as 32 bit floating point, with a band &apos;mask&apos; (0 is clear) where there are masks.</source>
        <translation>Pour les produits et les piles : reçoit un GeoTIFF par date, réflectance en virgule flottante sur 32 bits, avec une bande « mask » (0 signifie clair) là où il y a des masques.</translation>
    </message>
    <message>
        <source>Images need a plan of injections, and a folder for the changed images.</source>
        <translation>Les images demandent un plan des injections et un dossier pour les images modifiées.</translation>
    </message>
    <message>
        <source>A plan and a folder are for images: give products or a stack too.</source>
        <translation>Un plan et un dossier concernent des images : donner aussi des produits ou une pile.</translation>
    </message>
    <message>
        <source>Give one of these: a table of time series, products, or a stack.</source>
        <translation>Donner l’un des trois : un tableau de séries temporelles, des produits ou une pile.</translation>
    </message>
    <message>
        <source>Say where the table with anomalies is to be written: OUTPUT.</source>
        <translation>Dire où le tableau avec anomalies doit être écrit : OUTPUT.</translation>
    </message>
    <message>
        <source>Detect anomalies in images</source>
        <translation>Détecter les anomalies dans les images</translation>
    </message>
    <message>
        <source>Finds what is odd in a series of images: every pixel is compared with its own robust seasonal model in all bands together, and every image is voted on as a whole. Tells clouds and shadows that the mask has missed from a wrong aerosol correction, gain or offset, a shift, stripes, and a wrong date: what holds for all of an image is the image&apos;s, what a part has alone is local. Gives the type and the score of each pixel for the dates that matter, counts per pixel, and a table of all dates with p-values and amplitudes. Works tile by tile, resumes where it was stopped.</source>
        <translation>Trouve ce qui est anormal dans une série d’images : chaque pixel est comparé à son propre modèle saisonnier robuste dans toutes les bandes ensemble, et chaque image fait l’objet d’un vote d’ensemble. Distingue les nuages et ombres manqués par le masque d’une mauvaise correction des aérosols, d’un gain ou d’un décalage radiométrique, d’un décalage géométrique, de rayures et d’une date erronée : ce qui vaut pour toute l’image lui appartient, ce qu’une partie seule montre est local. Donne le type et le score de chaque pixel aux dates qui comptent, des comptes par pixel et un tableau de toutes les dates avec valeurs p et amplitudes. Travaille tuile par tuile et reprend là où il a été arrêté.</translation>
    </message>
    <message>
        <source>Share that matters (percent)</source>
        <translation>Part qui compte (pour cent)</translation>
    </message>
    <message>
        <source>A date gets rasters where more than this share of its tested pixels are anomalies, or where the whole image is off; 0 to 100.</source>
        <translation>Une date reçoit des rasters si plus que cette part de ses pixels testés sont des anomalies, ou si toute l’image est anormale ; de 0 à 100.</translation>
    </message>
    <message>
        <source>Days that get rasters in any case, separated by commas, as 2020-01-31.</source>
        <translation>Jours qui reçoivent des rasters dans tous les cas, séparés par des virgules, par exemple 2020-01-31.</translation>
    </message>
    <message>
        <source>Most dates</source>
        <translation>Nombre maximal de dates</translation>
    </message>
    <message>
        <source>Of more dates that matter, those with most anomalies get rasters; 1 or more.</source>
        <translation>Si plus de dates comptent, celles qui ont le plus d’anomalies reçoivent des rasters ; 1 ou plus.</translation>
    </message>
    <message>
        <source>Threshold of whole images (p-value)</source>
        <translation>Seuil des images entières (valeur p)</translation>
    </message>
    <message>
        <source>A layer per date that matters: 0 none, 1 cloud, 2 thin cloud, 3 shadow, 4 AOT under-corrected, 5 over-corrected, 6 gain, 7 offset, 8 wrong date, 9 unknown, 10 shift, 11 stripes, 255 not tested.</source>
        <translation>Une couche par date qui compte : 0 aucune, 1 nuage, 2 nuage fin, 3 ombre, 4 AOT sous-corrigée, 5 sur-corrigée, 6 gain, 7 décalage radiométrique, 8 date erronée, 9 inconnu, 10 décalage géométrique, 11 rayures, 255 non testé.</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>Scores</translation>
    </message>
    <message>
        <source>A layer per date that matters: minus the logarithm (base 10) of the p-value of all bands together, 0 to 25.4; no data -9999.</source>
        <translation>Une couche par date qui compte : moins le logarithme (base 10) de la valeur p de toutes les bandes ensemble, de 0 à 25.4 ; sans donnée -9999.</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>Comptes</translation>
    </message>
    <message>
        <source>Two layers: anomalies of each pixel over all dates, and its clear dates.</source>
        <translation>Deux couches : les anomalies de chaque pixel sur toutes les dates, et ses dates claires.</translation>
    </message>
    <message>
        <source>Table of dates</source>
        <translation>Tableau des dates</translation>
    </message>
    <message>
        <source>A row per date: verdict on the image, p-values, amplitudes, spatial tests.</source>
        <translation>Une ligne par date : verdict sur l’image, valeurs p, amplitudes, tests spatiaux.</translation>
    </message>
    <message>
        <source>Dates that matter</source>
        <translation>Dates qui comptent</translation>
    </message>
    <message>
        <source>Dates on which the whole image is off</source>
        <translation>Dates où toute l’image est anormale</translation>
    </message>
    <message>
        <source>Pixels tested, over all dates</source>
        <translation>Pixels testés, sur toutes les dates</translation>
    </message>
    <message>
        <source>Anomalous pixels, over all dates</source>
        <translation>Pixels anormaux, sur toutes les dates</translation>
    </message>
    <message>
        <source>Say where at least one result goes: {keys}.</source>
        <translation>Indiquez où va au moins un résultat : {keys}.</translation>
    </message>
    <message>
        <source>Export calibration measurements</source>
        <translation>Exporter des mesures d’étalonnage</translation>
    </message>
    <message>
        <source>Writes the measurements of a sensor over calibration sites from the calibration database to a file: CSV or NetCDF with everything, CSV like that of DIMITRI, or SADE text lines. The import reads all of them again, value by value; what SADE lines have no place for is named in the log.</source>
        <translation>Écrit les mesures d’un capteur sur des sites d’étalonnage, de la base d’étalonnage vers un fichier : CSV ou NetCDF complet, CSV à la manière de DIMITRI, ou lignes de texte SADE. L’import relit chacun d’eux, valeur par valeur ; ce que les lignes SADE ne peuvent pas contenir est nommé dans le journal.</translation>
    </message>
    <message>
        <source>Sensor</source>
        <translation>Capteur</translation>
    </message>
    <message>
        <source>Name of the sensor, as the import has kept it, such as MERIS.</source>
        <translation>Nom du capteur, tel que l’import l’a enregistré, par exemple MERIS.</translation>
    </message>
    <message>
        <source>Names of sites, separated by commas; a name with a comma stands between quotation marks. Empty: all sites.</source>
        <translation>Noms de sites, séparés par des virgules ; un nom qui contient une virgule se met entre guillemets droits. Vide : tous les sites.</translation>
    </message>
    <message>
        <source>First day or moment (UTC), as 2010-01-31 or 2010-01-31T08:00:00Z. Empty: all.</source>
        <translation>Premier jour ou instant (UTC), par exemple 2010-01-31 ou 2010-01-31T08:00:00Z. Vide : tout.</translation>
    </message>
    <message>
        <source>Last day, which counts as a whole, or last moment (UTC). Empty: all.</source>
        <translation>Dernier jour, qui compte en entier, ou dernier instant (UTC). Vide : tout.</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>auto: by the name of the output: .csv one row per measurement and band, .nc NetCDF, .txt or .sade SADE lines. dimitri: one row per measurement, with decimal years, as .csv.</source>
        <translation>auto : selon le nom de la sortie : .csv une ligne par mesure et par bande, .nc NetCDF, .txt ou .sade lignes SADE. dimitri : une ligne par mesure, avec des années décimales, en .csv.</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versions</translation>
    </message>
    <message>
        <source>Versions of the processing, separated by commas. Empty: all versions.</source>
        <translation>Versions du traitement, séparées par des virgules. Vide : toutes les versions.</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Mesures</translation>
    </message>
    <message>
        <source>The file to write: .csv, .nc, .txt or .sade.</source>
        <translation>Le fichier à écrire : .csv, .nc, .txt ou .sade.</translation>
    </message>
    <message>
        <source>Number of measurements</source>
        <translation>Nombre de mesures</translation>
    </message>
    <message>
        <source>Import calibration measurements</source>
        <translation>Importer des mesures d’étalonnage</translation>
    </message>
    <message>
        <source>Reads measurements of top-of-atmosphere reflectance over calibration sites (SADE text lines, CSV files like those of DIMITRI, CSV and NetCDF as this toolbox exports them) into the calibration database, which is made where it is not there yet. What the database has already is recognized by sensor, version, site, time and product; the same key with other values is an error, and nothing is written.</source>
        <translation>Lit des mesures de réflectance au sommet de l’atmosphère sur des sites d’étalonnage (lignes de texte SADE, fichiers CSV comme ceux de DIMITRI, CSV et NetCDF tels que cette boîte à outils les exporte) dans la base d’étalonnage, créée si elle n’existe pas encore. Ce que la base contient déjà est reconnu par le capteur, la version, le site, la date et le produit ; la même clé avec d’autres valeurs est une erreur, et rien n’est écrit.</translation>
    </message>
    <message>
        <source>Files or folders</source>
        <translation>Fichiers ou dossiers</translation>
    </message>
    <message>
        <source>Files of measurements, also .gz; of folders all files in a known format. SITE_SENSOR_VERSION.csv names what a DIMITRI-like file does not say itself.</source>
        <translation>Fichiers de mesures, aussi en .gz ; des dossiers, tous les fichiers d’un format connu. SITE_SENSOR_VERSION.csv nomme ce qu’un fichier à la manière de DIMITRI ne dit pas lui-même.</translation>
    </message>
    <message>
        <source>auto: told from the content of each file. sade: SADE text lines; dimitri: CSV with decimal_year and rho_...; csv, netcdf: as this toolbox exports them.</source>
        <translation>auto : reconnu d’après le contenu de chaque fichier. sade : lignes de texte SADE ; dimitri : CSV avec decimal_year et rho_... ; csv, netcdf : tels que cette boîte à outils les exporte.</translation>
    </message>
    <message>
        <source>Name of the site where a file does not say it, such as Libya4.</source>
        <translation>Nom du site si un fichier ne le dit pas, par exemple Libya4.</translation>
    </message>
    <message>
        <source>Name of the sensor where a file does not say it, such as MERIS or S2A/MSI. Of SADE lines also where the sensor ends in a name such as S2A_MSI_0509.</source>
        <translation>Nom du capteur si un fichier ne le dit pas, par exemple MERIS ou S2A/MSI. Pour les lignes SADE, aussi pour dire où finit le capteur dans un nom tel que S2A_MSI_0509.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Version of the processing, where a file does not say it.</source>
        <translation>Version du traitement, si un fichier ne la dit pas.</translation>
    </message>
    <message>
        <source>A table with the columns band and wavelength_nm, and perhaps sensor and response (several rows a band). It gives the wavelengths of bands whose names do not say them, and names the bands of SADE lines in its order.</source>
        <translation>Un tableau avec les colonnes band et wavelength_nm, et éventuellement sensor et response (plusieurs lignes par bande). Il donne les longueurs d’onde des bandes dont le nom ne les dit pas, et nomme les bandes des lignes SADE dans son ordre.</translation>
    </message>
    <message>
        <source>Number of measurements added</source>
        <translation>Nombre de mesures ajoutées</translation>
    </message>
    <message>
        <source>Number of measurements known already</source>
        <translation>Nombre de mesures déjà connues</translation>
    </message>
    <message>
        <source>Calibration database</source>
        <translation>Base d’étalonnage</translation>
    </message>
    <message>
        <source> Connections of QGIS are: {}.</source>
        <translation> Les connexions de QGIS sont : {}.</translation>
    </message>
    <message>
        <source>The authentication configuration {} of QGIS cannot be used: it is not there, is of another kind than user and password, or the master password is not set. Without a window the master password comes from the file that QGIS_AUTH_PASSWORD_FILE names.</source>
        <translation>La configuration d’authentification {} de QGIS ne peut pas être utilisée : elle n’existe pas, est d’un autre genre que nom et mot de passe, ou le mot de passe principal n’est pas défini. Sans fenêtre, le mot de passe principal vient du fichier que nomme QGIS_AUTH_PASSWORD_FILE.</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Fichiers</translation>
    </message>
    <message>
        <source>Where measurements and results are kept: a GeoPackage (measurements.gpkg), the name of a PostgreSQL connection of QGIS, or an address such as postgresql://user@host:5432/name?authcfg=abc1234. Passwords do not belong here: they come from the authentication manager of QGIS, PGPASSWORD or .pgpass.</source>
        <translation>Où les mesures et les résultats sont conservés : un GeoPackage (measurements.gpkg), le nom d’une connexion PostgreSQL de QGIS, ou une adresse telle que postgresql://user@host:5432/name?authcfg=abc1234. Les mots de passe n’ont pas leur place ici : ils viennent du gestionnaire d’authentification de QGIS, de PGPASSWORD ou de .pgpass.</translation>
    </message>
    <message>
        <source>The address of the database holds a password, which QGIS would keep in its log and history: change the password if it is a real one. Give the address without it, and the password by authcfg=ID of the authentication manager of QGIS, by a connection of QGIS, by PGPASSWORD or by a .pgpass file.</source>
        <translation>L’adresse de la base contient un mot de passe, que QGIS garderait dans son journal et son historique : changez ce mot de passe s’il est réel. Donnez l’adresse sans lui, et le mot de passe par authcfg=ID du gestionnaire d’authentification de QGIS, par une connexion de QGIS, par PGPASSWORD ou par un fichier .pgpass.</translation>
    </message>
    <message>
        <source>Calibrate over deserts</source>
        <translation>Étalonner sur des déserts</translation>
    </message>
    <message>
        <source>Calibrates a sensor against another one over stable desert sites. What the reference measured under nearly the same geometry is taken to the ground (SMAC), carried to the bands of the other sensor along the spectrum of the site, and taken back to the top of the atmosphere: A_k is measured by simulated reflectance, for every pair of observations and band, with mean, trend and an uncertainty by contributor.

After Lacherade et al. (2013), 10.1109/TGRS.2012.2227061, and Rahman and Dedieu (1994), 10.1080/01431169408954055.</source>
        <translation>Étalonne un capteur par rapport à un autre sur des sites désertiques stables. Ce que la référence a mesuré sous presque la même géométrie est ramené au sol (SMAC), porté vers les bandes de l’autre capteur le long du spectre du site, et remonté au sommet de l’atmosphère : A_k est le rapport de la réflectance mesurée à la réflectance simulée, pour chaque paire d’observations et chaque bande, avec moyenne, tendance et incertitude par contributeur.

D’après Lacherade et al. (2013), 10.1109/TGRS.2012.2227061, et Rahman et Dedieu (1994), 10.1080/01431169408954055.</translation>
    </message>
    <message>
        <source>Keep the run in the database</source>
        <translation>Garder le calcul dans la base</translation>
    </message>
    <message>
        <source>Every pair, coefficient and contributor, with the parameters.</source>
        <translation>Chaque paire, coefficient et contributeur, avec les paramètres.</translation>
    </message>
    <message>
        <source>Coefficients</source>
        <translation>Coefficients</translation>
    </message>
    <message>
        <source>A row per pair, band and spectral method: measured and simulated reflectance, A_k, differences of geometry, and whether it is kept or why not.</source>
        <translation>Une ligne par paire, bande et méthode spectrale : réflectances mesurée et simulée, A_k, écarts de géométrie, et si le coefficient est gardé ou pourquoi non.</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>Résumé</translation>
    </message>
    <message>
        <source>A row per band, method, site and period: mean, errors, trend.</source>
        <translation>Une ligne par bande, méthode, site et période : moyenne, erreurs, tendance.</translation>
    </message>
    <message>
        <source>Coefficients, series, uncertainty by contributor, and what was left out.</source>
        <translation>Coefficients, séries, incertitude par contributeur, et ce qui a été écarté.</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>Paires</translation>
    </message>
    <message>
        <source>Number of the run in the database</source>
        <translation>Numéro du calcul dans la base</translation>
    </message>
    <message>
        <source>Coefficients by band (JSON)</source>
        <translation>Coefficients par bande (JSON)</translation>
    </message>
    <message>
        <source>Sensor to calibrate</source>
        <translation>Capteur à étalonner</translation>
    </message>
    <message>
        <source>Its name in the database, such as S2B/MSI.</source>
        <translation>Son nom dans la base, par exemple S2B/MSI.</translation>
    </message>
    <message>
        <source>Reference sensor</source>
        <translation>Capteur de référence</translation>
    </message>
    <message>
        <source>Its name in the database. Its spectrum needs four or more bands outside gas absorption.</source>
        <translation>Son nom dans la base. Son spectre demande quatre bandes ou plus hors de l’absorption des gaz.</translation>
    </message>
    <message>
        <source>Bands to calibrate</source>
        <translation>Bandes à étalonner</translation>
    </message>
    <message>
        <source>Bands of the sensor to calibrate, separated by commas; empty: all with values and coefficients. Leave out those that saturate over the site.</source>
        <translation>Bandes du capteur à étalonner, séparées par des virgules ; vide : toutes celles qui ont des valeurs et des coefficients. Laissez de côté celles qui saturent sur le site.</translation>
    </message>
    <message>
        <source>Version of the sensor to calibrate</source>
        <translation>Version du capteur à étalonner</translation>
    </message>
    <message>
        <source>Version of the reference</source>
        <translation>Version de la référence</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>Premier jour</translation>
    </message>
    <message>
        <source>As 2020-01-31 (UTC); empty: no limit.</source>
        <translation>Sous la forme 2020-01-31 (UTC) ; vide : sans limite.</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>Dernier jour</translation>
    </message>
    <message>
        <source>As 2020-06-30 (UTC), included; empty: no limit.</source>
        <translation>Sous la forme 2020-06-30 (UTC), compris ; vide : sans limite.</translation>
    </message>
    <message>
        <source>Folder of SMAC and response tables</source>
        <translation>Dossier des tables SMAC et des réponses spectrales</translation>
    </message>
    <message>
        <source>Largest difference of geometry (degrees)</source>
        <translation>Plus grand écart de géométrie (degrés)</translation>
    </message>
    <message>
        <source>By the chosen metric; smaller is more alike and gives fewer pairs.</source>
        <translation>Selon la mesure choisie ; plus petit : plus semblable, et moins de paires.</translation>
    </message>
    <message>
        <source>Time window (days)</source>
        <translation>Fenêtre de temps (jours)</translation>
    </message>
    <message>
        <source>Largest time between the two observations of a pair; more than 0.</source>
        <translation>Plus grand temps entre les deux observations d’une paire ; plus que 0.</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>Mesure de l’écart</translation>
    </message>
    <message>
        <source>amc: sqrt(dSZA² + dVZA² + dRAA²/4), with the relative azimuth folded to 0-180. directions: angle between the sun directions plus that between the views.</source>
        <translation>amc : sqrt(dSZA² + dVZA² + dRAA²/4), l’azimut relatif replié entre 0 et 180. directions : angle entre les directions du soleil plus angle entre les visées.</translation>
    </message>
    <message>
        <source>Reciprocal geometries</source>
        <translation>Géométries réciproques</translation>
    </message>
    <message>
        <source>Let sun and view be exchanged: true of sand, not of snow.</source>
        <translation>Permettre d’échanger soleil et visée : vrai pour le sable, non pour la neige.</translation>
    </message>
    <message>
        <source>Pairing</source>
        <translation>Appariement</translation>
    </message>
    <message>
        <source>one_to_one: closest pairs first, no observation twice. best_per_reference, best_per_target: the closest partner of each. all: every pair within the limits.</source>
        <translation>one_to_one : les paires les plus proches d’abord, aucune observation deux fois. best_per_reference, best_per_target : le partenaire le plus proche de chacune. all : toutes les paires dans les limites.</translation>
    </message>
    <message>
        <source>Largest zenith angle (degrees)</source>
        <translation>Plus grand angle zénithal (degrés)</translation>
    </message>
    <message>
        <source>Of sun and view in either observation; SMAC is fitted up to about 65.</source>
        <translation>Du soleil et de la visée dans les deux observations ; SMAC est ajusté jusqu’à 65 environ.</translation>
    </message>
    <message>
        <source>Largest spread over the site</source>
        <translation>Plus grande dispersion sur le site</translation>
    </message>
    <message>
        <source>Standard deviation by mean; uneven scenes hold clouds or shadows.</source>
        <translation>Écart type rapporté à la moyenne ; les scènes inégales contiennent nuages ou ombres.</translation>
    </message>
    <message>
        <source>Largest cloud fraction</source>
        <translation>Plus grande fraction nuageuse</translation>
    </message>
    <message>
        <source>Where it is known; from 0 to 1.</source>
        <translation>Là où elle est connue ; de 0 à 1.</translation>
    </message>
    <message>
        <source>Least valid fraction</source>
        <translation>Plus petite fraction valide</translation>
    </message>
    <message>
        <source>Share of the site with values, where it is known; from 0 to 1.</source>
        <translation>Part du site avec des valeurs, là où elle est connue ; de 0 à 1.</translation>
    </message>
    <message>
        <source>Outliers (standard deviations)</source>
        <translation>Valeurs aberrantes (écarts types)</translation>
    </message>
    <message>
        <source>Where an observation does not state it; from 0 to 5.</source>
        <translation>Là où une observation ne la donne pas ; de 0 à 5.</translation>
    </message>
    <message>
        <source>Where an observation does not state it.</source>
        <translation>Là où une observation ne la donne pas.</translation>
    </message>
    <message>
        <source>Water vapor (g/cm²)</source>
        <translation>Vapeur d’eau (g/cm²)</translation>
    </message>
    <message>
        <source>Unknown ozone, water vapor and AOT</source>
        <translation>Ozone, vapeur d’eau et AOT inconnus</translation>
    </message>
    <message>
        <source>default: the values above. partner: those of the other observation of the pair, where it states them.</source>
        <translation>default : les valeurs ci-dessus. partner : celles de l’autre observation de la paire, là où elle les donne.</translation>
    </message>
    <message>
        <source>Pressure as stated</source>
        <translation>Pression telle que donnée</translation>
    </message>
    <message>
        <source>Take the pressure that observations state as that at the ground; else that of the standard atmosphere at the altitude of the site. Many files state the pressure at sea level: do not use it for high sites.</source>
        <translation>Prendre la pression que donnent les observations pour celle au sol ; sinon celle de l’atmosphère standard à l’altitude du site. Beaucoup de fichiers donnent la pression au niveau de la mer : à ne pas utiliser pour des sites élevés.</translation>
    </message>
    <message>
        <source>Spectral methods</source>
        <translation>Méthodes spectrales</translation>
    </message>
    <message>
        <source>Periods</source>
        <translation>Périodes</translation>
    </message>
    <message>
        <source>Sum up by these besides the whole time.</source>
        <translation>Résumer par ces périodes en plus du temps entier.</translation>
    </message>
    <message>
        <source>Uncertainty of the reference (%)</source>
        <translation>Incertitude de la référence (%)</translation>
    </message>
    <message>
        <source>Standard uncertainty of its calibration, common to its bands.</source>
        <translation>Incertitude type de son étalonnage, commune à ses bandes.</translation>
    </message>
    <message>
        <source>Uncertainty of the AOT</source>
        <translation>Incertitude de l’AOT</translation>
    </message>
    <message>
        <source>Standard uncertainty of its level, and of its difference between two dates.</source>
        <translation>Incertitude type de son niveau, et de son écart entre deux dates.</translation>
    </message>
    <message>
        <source>Uncertainty of the water vapor (%)</source>
        <translation>Incertitude de la vapeur d’eau (%)</translation>
    </message>
    <message>
        <source>Monte Carlo draws</source>
        <translation>Tirages Monte-Carlo</translation>
    </message>
    <message>
        <source>Of the uncertainty budget; 0: no budget.</source>
        <translation>Du bilan d’incertitude ; 0 : pas de bilan.</translation>
    </message>
    <message>
        <source>The same seed gives the same draws.</source>
        <translation>La même graine donne les mêmes tirages.</translation>
    </message>
    <message>
        <source>A date (in images: a pixel of a date) whose p-value is below is an anomaly: 0.001 means one false alarm in a thousand good ones. Smaller finds less and is wrong less often.</source>
        <translation>Une date (dans des images : un pixel d’une date) dont la p-valeur est inférieure est une anomalie : 0.001 signifie une fausse alarme sur mille bonnes. Plus petit trouve moins et se trompe moins souvent.</translation>
    </message>
    <message>
        <source>Waves of the year in the seasonal model, 0 to 3; auto: as many as the number of clear dates of each series or pixel allows (12 for one, 18 for two, 24 for three).</source>
        <translation>Ondes de l’année dans le modèle saisonnier, de 0 à 3 ; auto : autant que le permet le nombre de dates claires de chaque série ou pixel (12 pour une, 18 pour deux, 24 pour trois).</translation>
    </message>
    <message>
        <source>Study the impact of clouds on Antarctic calibration</source>
        <translation>Étudier l’effet des nuages sur l’étalonnage antarctique</translation>
    </message>
    <message>
        <source>Calibrates a sensor over Antarctic sites again and again, with other thresholds of four cloud tests: the spread over the site (which does not see an even cloud over snow), the residual of a directional model of the series, the color against its month, and outliers of the coefficients. Coefficients, scatter and number of pairs over each threshold show what the screening decides, and what it leaves as it is.</source>
        <translation>Étalonne un capteur sur des sites antarctiques encore et encore, avec d’autres seuils de quatre tests de nuages : la dispersion sur le site (qui ne voit pas un nuage uniforme sur la neige), le résidu d’un modèle directionnel de la série, la couleur comparée à son mois, et les valeurs aberrantes des coefficients. Coefficients, dispersion et nombre de paires selon chaque seuil montrent ce que le tri décide, et ce qu’il laisse tel quel.</translation>
    </message>
    <message>
        <source>Thresholds of the spread</source>
        <translation>Seuils de la dispersion</translation>
    </message>
    <message>
        <source>Thresholds of the residual</source>
        <translation>Seuils du résidu</translation>
    </message>
    <message>
        <source>Thresholds of the color</source>
        <translation>Seuils de la couleur</translation>
    </message>
    <message>
        <source>Thresholds of outliers</source>
        <translation>Seuils des valeurs aberrantes</translation>
    </message>
    <message>
        <source>Numbers above 0, separated by commas; empty: this test is not swept.</source>
        <translation>Nombres supérieurs à 0, séparés par des virgules ; vide : ce test n’est pas parcouru.</translation>
    </message>
    <message>
        <source>Coefficients by threshold</source>
        <translation>Coefficients selon le seuil</translation>
    </message>
    <message>
        <source>A row per test, threshold and band: mean, scatter, pairs, change.</source>
        <translation>Une ligne par test, seuil et bande : moyenne, dispersion, paires, changement.</translation>
    </message>
    <message>
        <source>Curves and tables of each test.</source>
        <translation>Courbes et tables de chaque test.</translation>
    </message>
    <message>
        <source>Pairs with the screening as set</source>
        <translation>Paires avec le tri tel que réglé</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>Seuils</translation>
    </message>
    <message>
        <source>There is no threshold at all: give those of at least one test.</source>
        <translation>Il n’y a aucun seuil : donnez ceux d’au moins un test.</translation>
    </message>
    <message>
        <source>Calibrate over Antarctic sites</source>
        <translation>Étalonner sur des sites antarctiques</translation>
    </message>
    <message>
        <source>Calibrates a sensor against another one over the snow of the Antarctic plateau (Dome C, Dome 1 to 4): pairs of close geometry with tight limits on the height of the sun, never with sun and view exchanged, because snow is not reciprocal. The sun is low: instead of SMAC an atmosphere of molecules and gases along curved paths is the default, and ozone, which matters most, is that of the partner where one side does not state it. A_k, trend and uncertainty as over deserts.

After Lacherade et al. (2013), 10.1109/TGRS.2012.2227061, and Vermote and Tanre (1992), 10.1016/0022-4073(92)90149-X.</source>
        <translation>Étalonne un capteur par rapport à un autre sur la neige du plateau antarctique (Dôme C, Dômes 1 à 4) : des paires de géométrie proche avec des limites étroites sur la hauteur du soleil, sans jamais échanger soleil et visée, parce que la neige n’est pas réciproque. Le soleil est bas : au lieu de SMAC, une atmosphère de molécules et de gaz le long de trajets courbes est choisie par défaut, et l’ozone, qui compte le plus, est celui du partenaire là où un côté ne le donne pas. A_k, tendance et incertitude comme sur les déserts.

D’après Lacherade et al. (2013), 10.1109/TGRS.2012.2227061, et Vermote et Tanré (1992), 10.1016/0022-4073(92)90149-X.</translation>
    </message>
    <message>
        <source>Largest difference of the sun zenith (degrees)</source>
        <translation>Plus grand écart de l’angle zénithal solaire (degrés)</translation>
    </message>
    <message>
        <source>Besides the metric: snow changes strongly with the height of the sun.</source>
        <translation>En plus de la mesure : la neige change fortement avec la hauteur du soleil.</translation>
    </message>
    <message>
        <source>Ozone column (DU)</source>
        <translation>Colonne d’ozone (DU)</translation>
    </message>
    <message>
        <source>Altitude (m)</source>
        <translation>Altitude (m)</translation>
    </message>
    <message>
        <source>Of sites whose altitude the database does not state: gives the pressure.</source>
        <translation>Des sites dont la base ne donne pas l’altitude : elle donne la pression.</translation>
    </message>
    <message>
        <source>Atmosphere</source>
        <translation>Atmosphère</translation>
    </message>
    <message>
        <source>smac: the coefficients, with aerosol, for zenith angles up to about 65 degrees. molecular: molecules and gases only, for low sun over high, clean sites.</source>
        <translation>smac : les coefficients, avec aérosol, jusqu’à des angles zénithaux de 65 degrés environ. molecular : molécules et gaz seulement, pour un soleil bas sur des sites élevés et propres.</translation>
    </message>
    <message>
        <source>Compare two sensors</source>
        <translation>Comparer deux capteurs</translation>
    </message>
    <message>
        <source>Compares two sensors (Sentinel-2A and 2B, or two versions of one sensor) over stable sites, in up to three ways: the plain ratio in bands of one name, the coefficient of one against the other with atmosphere and spectral responses, and the double ratio against a third sensor, in which the errors of that one cancel. Each ratio is also said in words, because signs get lost: which one measures more, and by what to multiply it.

After Lacherade et al. (2013), 10.1109/TGRS.2012.2227061.</source>
        <translation>Compare deux capteurs (Sentinel-2A et 2B, ou deux versions d’un capteur) sur des sites stables, de trois façons au plus : le simple rapport dans les bandes de même nom, le coefficient de l’un par rapport à l’autre avec atmosphère et réponses spectrales, et le double rapport à un troisième capteur, dans lequel les erreurs de celui-ci s’annulent. Chaque rapport est aussi dit en mots, parce que les signes se perdent : lequel mesure plus, et par quoi le multiplier.

D’après Lacherade et al. (2013), 10.1109/TGRS.2012.2227061.</translation>
    </message>
    <message>
        <source>First sensor</source>
        <translation>Premier capteur</translation>
    </message>
    <message>
        <source>Second sensor</source>
        <translation>Second capteur</translation>
    </message>
    <message>
        <source>Its name in the database.</source>
        <translation>Son nom dans la base.</translation>
    </message>
    <message>
        <source>Third sensor</source>
        <translation>Troisième capteur</translation>
    </message>
    <message>
        <source>Its name in the database; empty: no double ratio.</source>
        <translation>Son nom dans la base ; vide : pas de double rapport.</translation>
    </message>
    <message>
        <source>Version of the third sensor</source>
        <translation>Version du troisième capteur</translation>
    </message>
    <message>
        <source>Ratios</source>
        <translation>Rapports</translation>
    </message>
    <message>
        <source>A row per way and band: ratio, errors, pairs, trend, and words.</source>
        <translation>Une ligne par façon et bande : rapport, erreurs, paires, tendance, et mots.</translation>
    </message>
    <message>
        <source>Ratios by band and way, in figures and words.</source>
        <translation>Rapports par bande et façon, en figures et en mots.</translation>
    </message>
    <message>
        <source>Ratios by way and band (JSON)</source>
        <translation>Rapports par façon et bande (JSON)</translation>
    </message>
    <message>
        <source>Distance of sites that count as one (km)</source>
        <translation>Distance des sites qui comptent pour un seul (km)</translation>
    </message>
    <message>
        <source>Sites that are nearer, or seen in the same product, have one vote together on shared dates and steps: what they share may be the weather of one image. 0: only those of one product.</source>
        <translation>Les sites plus proches, ou vus dans le même produit, n’ont ensemble qu’une voix sur les dates et les sauts communs : ce qu’ils partagent peut être la météo d’une seule image. 0 : seulement ceux d’un même produit.</translation>
    </message>
    <message>
        <source>Verdicts with their reasons, timeline, quick looks of the worst dates, types, parameters and limits.</source>
        <translation>Verdicts avec leurs raisons, chronologie, aperçus des pires dates, types, paramètres et limites.</translation>
    </message>
    <message>
        <source>Canceled by the user before the run began; nothing was written.</source>
        <translation>Annulé par l’utilisateur avant le début du traitement ; rien n’a été écrit.</translation>
    </message>
    <message>
        <source>z of {band}, {date}</source>
        <translation>z de {band}, {date}</translation>
    </message>
    <message>
        <source>Residuals of all sites</source>
        <translation>Résidus de tous les sites</translation>
    </message>
    <message>
        <source>Forget the selection (Escape)</source>
        <translation>Oublier la sélection (Échap)</translation>
    </message>
    <message>
        <source>1 date selected</source>
        <translation>1 date sélectionnée</translation>
    </message>
    <message>
        <source>{} dates selected</source>
        <translation>{} dates sélectionnées</translation>
    </message>
    <message>
        <source>{} sites</source>
        <translation>{} sites</translation>
    </message>
    <message>
        <source>a verdict is for all of them</source>
        <translation>un verdict vaut pour toutes</translation>
    </message>
    <message>
        <source>First rows of the table</source>
        <translation>Premières lignes du tableau</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Afficher</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Names of the sites</source>
        <translation>Noms des sites</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Date (UTC)</translation>
    </message>
    <message>
        <source>Dates or times</source>
        <translation>Dates, avec ou sans l’heure</translation>
    </message>
    <message>
        <source>Format of the times</source>
        <translation>Format des dates</translation>
    </message>
    <message>
        <source>Empty: ISO 8601; a format such as %d/%m/%Y; ordinal: days since the year 1</source>
        <translation>Vide : ISO 8601 ; un format comme %d/%m/%Y ; ordinal : jours depuis l’an 1</translation>
    </message>
    <message>
        <source>Names of the bands</source>
        <translation>Noms des bandes</translation>
    </message>
    <message>
        <source>Reflectance; without a column of bands, the columns of the bands with commas</source>
        <translation>Réflectance ; sans colonne des bandes, les colonnes des bandes séparées par des virgules</translation>
    </message>
    <message>
        <source>Factor to reflectance</source>
        <translation>Facteur vers la réflectance</translation>
    </message>
    <message>
        <source>0.0001 for integers of 10 000</source>
        <translation>0.0001 pour des entiers de 10 000</translation>
    </message>
    <message>
        <source>Says which observations are clear</source>
        <translation>Dit quelles observations sont claires</translation>
    </message>
    <message>
        <source>Separated by commas</source>
        <translation>Séparées par des virgules</translation>
    </message>
    <message>
        <source>Which columns of {} are which?</source>
        <translation>Que contiennent les colonnes de {} ?</translation>
    </message>
    <message>
        <source>The table has names of its own. Check what was guessed from them.</source>
        <translation>Le tableau a ses propres noms de colonnes. Vérifiez ce qui en a été déduit.</translation>
    </message>
    <message>
        <source>(one site only)</source>
        <translation>(un seul site)</translation>
    </message>
    <message>
        <source>(a column per band)</source>
        <translation>(une colonne par bande)</translation>
    </message>
    <message>
        <source>(no mask)</source>
        <translation>(pas de masque)</translation>
    </message>
    <message>
        <source>Say which columns of {} are which.</source>
        <translation>Dites ce que contiennent les colonnes de {}.</translation>
    </message>
    <message>
        <source>Pixel under the mouse</source>
        <translation>Pixel sous la souris</translation>
    </message>
    <message>
        <source>Open images for their pixels</source>
        <translation>Ouvrir des images pour leurs pixels</translation>
    </message>
    <message>
        <source>Pixel {}, {}</source>
        <translation>Pixel {}, {}</translation>
    </message>
    <message>
        <source>Read a pixel</source>
        <translation>Lire un pixel</translation>
    </message>
    <message>
        <source>Live pixel</source>
        <translation>Pixel en direct</translation>
    </message>
    <message>
        <source>The series of the pixel under the mouse on the map; a click keeps it</source>
        <translation>La série du pixel sous la souris sur la carte ; un clic le conserve</translation>
    </message>
    <message>
        <source>Values are 10 000 times the reflectance</source>
        <translation>Les valeurs sont 10 000 fois la réflectance</translation>
    </message>
    <message>
        <source>Residual map</source>
        <translation>Carte des résidus</translation>
    </message>
    <message>
        <source>A layer of the sites, colored by how far they are off on the chosen date</source>
        <translation>Une couche des sites, colorés selon leur écart à la date choisie</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>Avant/après</translation>
    </message>
    <message>
        <source>On the map: the image of another date left of a line, that of the chosen date right of it</source>
        <translation>Sur la carte : l’image d’une autre date à gauche d’une ligne, celle de la date choisie à droite</translation>
    </message>
    <message>
        <source>Left: the nearest date as expected</source>
        <translation>À gauche : la date conforme la plus proche</translation>
    </message>
    <message>
        <source>Left: keep the date that is chosen now</source>
        <translation>À gauche : garder la date choisie maintenant</translation>
    </message>
    <message>
        <source>Images in a folder…</source>
        <translation>Images d’un dossier…</translation>
    </message>
    <message>
        <source>Products or dated images</source>
        <translation>Produits ou images datées</translation>
    </message>
    <message>
        <source>{} ({} dates)</source>
        <translation>{} ({} dates)</translation>
    </message>
    <message>
        <source>Choose images…</source>
        <translation>Choisir des images…</translation>
    </message>
    <message>
        <source>Images that the pixels are read from: a layer, a catalog or a folder</source>
        <translation>Images où les pixels sont lus : une couche, un catalogue ou un dossier</translation>
    </message>
    <message>
        <source>Move the mouse over the images on the map; a click keeps a pixel.</source>
        <translation>Passez la souris sur les images de la carte ; un clic conserve un pixel.</translation>
    </message>
    <message>
        <source>Choose a date: the map shows the sites by their residuals then.</source>
        <translation>Choisissez une date : la carte montre alors les sites selon leurs résidus.</translation>
    </message>
    <message>
        <source>Residuals</source>
        <translation>Résidus</translation>
    </message>
    <message>
        <source>Look at pixels of images…</source>
        <translation>Regarder les pixels d’images…</translation>
    </message>
    <message>
        <source>Quantile of the normal law</source>
        <translation>Quantile de la loi normale</translation>
    </message>
    <message>
        <source>Autocorrelation</source>
        <translation>Autocorrélation</translation>
    </message>
    <message>
        <source>Lag (days)</source>
        <translation>Écart (jours)</translation>
    </message>
    <message>
        <source>Residuals of {}</source>
        <translation>Résidus de {}</translation>
    </message>
    <message>
        <source>z {}</source>
        <translation>z {}</translation>
    </message>
    <message>
        <source>{} tested dates</source>
        <translation>{} dates testées</translation>
    </message>
    <message>
        <source>Normal law</source>
        <translation>Loi normale</translation>
    </message>
    <message>
        <source>95 % limits</source>
        <translation>Limites à 95 %</translation>
    </message>
    <message>
        <source>{days} days: correlation {value}, of {pairs} pairs</source>
        <translation>{days} jours : corrélation {value}, sur {pairs} paires</translation>
    </message>
    <message>
        <source>independent residuals: within ± {} in {}</source>
        <translation>résidus indépendants : dans ± {} pour {}</translation>
    </message>
    <message>
        <source>There is no image here.</source>
        <translation>Il n’y a pas d’image ici.</translation>
    </message>
    <message>
        <source>The project has no image of {}.</source>
        <translation>Le projet n’a pas d’image du {}.</translation>
    </message>
    <message>
        <source>No site of these series has a place on the map.</source>
        <translation>Aucun site de ces séries n’a de position sur la carte.</translation>
    </message>
    <message>
        <source>Not tested</source>
        <translation>Non testé</translation>
    </message>
    <message>
        <source>No date near</source>
        <translation>Pas de date proche</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>Sélection</translation>
    </message>
    <message>
        <source>Draw a rectangle around observations (or drag with the Shift key); Ctrl adds to what is selected</source>
        <translation>Tracez un rectangle autour d’observations (ou glissez avec la touche Maj) ; Ctrl ajoute à la sélection</translation>
    </message>
    <message>
        <source>Of the uncertainty budget.</source>
        <translation>Du bilan d’incertitude.</translation>
    </message>
    <message>
        <source>Budget the uncertainty over deserts</source>
        <translation>Établir le bilan d’incertitude sur des déserts</translation>
    </message>
    <message>
        <source>Calibrates a sensor over deserts and says what each uncertain input makes of the coefficients, band by band: AOT and water vapor of both dates and their differences, ozone, pressure, spectral interpolation, spectral response, matching, reference sensor, scatter of the pairs. Analytic and Monte Carlo figures stand side by side; what is common to all dates and bands is kept apart from what averages out.

After JCGM 100:2008 and 101:2008.</source>
        <translation>Étalonne un capteur sur des déserts et dit ce que chaque entrée incertaine fait des coefficients, bande par bande : AOT et vapeur d’eau des deux dates et leurs écarts, ozone, pression, interpolation spectrale, réponse spectrale, appariement, capteur de référence, dispersion des paires. Chiffres analytiques et de Monte-Carlo côte à côte ; ce qui est commun à toutes les dates et bandes est séparé de ce qui se moyenne.

D’après JCGM 100:2008 et 101:2008.</translation>
    </message>
    <message>
        <source>Contributions</source>
        <translation>Contributions</translation>
    </message>
    <message>
        <source>Correlation between bands</source>
        <translation>Corrélation entre bandes</translation>
    </message>
    <message>
        <source>A row per pair of bands.</source>
        <translation>Une ligne par paire de bandes.</translation>
    </message>
    <message>
        <source>Contributors by band, and how bands go together.</source>
        <translation>Contributeurs par bande, et comment les bandes vont ensemble.</translation>
    </message>
    <message>
        <source>Combined uncertainty by band (JSON, %, k = 1)</source>
        <translation>Incertitude combinée par bande (JSON, %, k = 1)</translation>
    </message>
    <message>
        <source>Standard uncertainty of its level, common to both dates.</source>
        <translation>Incertitude type de son niveau, commune aux deux dates.</translation>
    </message>
    <message>
        <source>Standard uncertainty of its difference between the two dates of a pair.</source>
        <translation>Incertitude type de son écart entre les deux dates d’une paire.</translation>
    </message>
    <message>
        <source>AOT between dates</source>
        <translation>AOT entre les dates</translation>
    </message>
    <message>
        <source>Water vapor (%)</source>
        <translation>Vapeur d’eau (%)</translation>
    </message>
    <message>
        <source>Water vapor between dates (%)</source>
        <translation>Vapeur d’eau entre les dates (%)</translation>
    </message>
    <message>
        <source>Ozone (%)</source>
        <translation>Ozone (%)</translation>
    </message>
    <message>
        <source>Pressure (%)</source>
        <translation>Pression (%)</translation>
    </message>
    <message>
        <source>Spectral response (nm)</source>
        <translation>Réponse spectrale (nm)</translation>
    </message>
    <message>
        <source>Reference sensor (%)</source>
        <translation>Capteur de référence (%)</translation>
    </message>
    <message>
        <source>Calibrate bands over clouds</source>
        <translation>Étalonner les bandes sur des nuages</translation>
    </message>
    <message>
        <source>Calibrates the bands of a sensor against one of them over deep convective clouds: they are white from 0.4 to 0.92 µm and reach so high that only ozone and thin air are above them. What the reference band measures says what each other band should; mode, median, mean and inflection of the two distributions are compared, with bootstrap errors.

After Fougnie and Bach (2009), 10.1109/TGRS.2008.2001148, and Doelling et al. (2013), 10.1109/TGRS.2012.2225066.</source>
        <translation>Étalonne les bandes d’un capteur par rapport à l’une d’elles sur des nuages convectifs profonds : ils sont blancs de 0,4 à 0,92 µm et montent si haut qu’il n’y a au-dessus que de l’ozone et un air ténu. Ce que mesure la bande de référence dit ce que chaque autre bande devrait mesurer ; mode, médiane, moyenne et inflexion des deux distributions sont comparés, avec des erreurs par bootstrap.

D’après Fougnie et Bach (2009), 10.1109/TGRS.2008.2001148, et Doelling et al. (2013), 10.1109/TGRS.2012.2225066.</translation>
    </message>
    <message>
        <source>Reference band</source>
        <translation>Bande de référence</translation>
    </message>
    <message>
        <source>The band that all others are compared with, such as B04.</source>
        <translation>La bande à laquelle toutes les autres sont comparées, par exemple B04.</translation>
    </message>
    <message>
        <source>Least reflectance of the cloud</source>
        <translation>Plus petite réflectance du nuage</translation>
    </message>
    <message>
        <source>In the reference band, corrected for the air above; from 0 to 1.5.</source>
        <translation>Dans la bande de référence, corrigée de l’air au-dessus ; de 0 à 1,5.</translation>
    </message>
    <message>
        <source>Largest departure from white</source>
        <translation>Plus grand écart au blanc</translation>
    </message>
    <message>
        <source>Of measured from simulated reflectance in any band, relative.</source>
        <translation>De la réflectance mesurée à la réflectance simulée dans une bande quelconque, relatif.</translation>
    </message>
    <message>
        <source>Standard deviation by mean of one cloud.</source>
        <translation>Écart type rapporté à la moyenne d’un nuage.</translation>
    </message>
    <message>
        <source>Of sun and view.</source>
        <translation>Du soleil et de la visée.</translation>
    </message>
    <message>
        <source>Pressure at the cloud top (hPa)</source>
        <translation>Pression au sommet du nuage (hPa)</translation>
    </message>
    <message>
        <source>It decides how much air scatters above the clouds.</source>
        <translation>Elle décide combien d’air diffuse au-dessus des nuages.</translation>
    </message>
    <message>
        <source>Where an observation does not state it; all of it above the clouds.</source>
        <translation>Là où une observation ne la donne pas ; tout l’ozone est au-dessus des nuages.</translation>
    </message>
    <message>
        <source>Every cloud and coefficient, with the parameters.</source>
        <translation>Chaque nuage et coefficient, avec les paramètres.</translation>
    </message>
    <message>
        <source>A row per band and statistic: coefficient, error, clouds.</source>
        <translation>Une ligne par bande et statistique : coefficient, erreur, nuages.</translation>
    </message>
    <message>
        <source>Clouds</source>
        <translation>Nuages</translation>
    </message>
    <message>
        <source>Coefficients by band and statistic (JSON)</source>
        <translation>Coefficients par bande et statistique (JSON)</translation>
    </message>
    <message>
        <source>Searched with all below it for the files that sensor_tables.csv names; empty: the shipped tables (Sentinel-2, continental aerosol). Two sensors need tables of the same aerosol model.</source>
        <translation>Fouillé en profondeur pour les fichiers que nomme sensor_tables.csv ; vide : les tables fournies (Sentinel-2, aérosol continental). Les deux capteurs demandent des tables du même modèle d’aérosol.</translation>
    </message>
    <message>
        <source>default: the detector; the others lack its robust fit, its joint score, its whitening or the laws of known anomalies, or take the scale of the noise from below.</source>
        <translation>default : le détecteur ; aux autres il manque l’ajustement robuste, le score conjoint, le blanchiment ou les lois des anomalies connues, ou ils tirent l’échelle du bruit des résidus du dessous.</translation>
    </message>
    <message>
        <source>Extract calibration sites</source>
        <translation>Extraire les sites d’étalonnage</translation>
    </message>
    <message>
        <source>Measures the reflectance at the top of the atmosphere over calibration sites in satellite products (Sentinel-2 L1C, Landsat Level 1 and all formats of this toolbox) and adds it to the calibration database: per band mean, median, spread, number of pixels, saturated share and the view angles of that band; sun angles, weather and clouds as the product itself states them. What the database has already is not read again, so that a run that was canceled goes on where it stopped.</source>
        <translation>Mesure la réflectance au sommet de l’atmosphère sur des sites d’étalonnage dans des produits satellitaires (Sentinel-2 L1C, Landsat niveau 1 et tous les formats de cette boîte à outils) et l’ajoute à la base de données d’étalonnage : par bande moyenne, médiane, dispersion, nombre de pixels, part saturée et angles de visée de cette bande ; angles solaires, météo et nuages tels que le produit lui-même les indique. Ce que la base contient déjà n’est pas relu : un traitement annulé reprend là où il s’est arrêté.</translation>
    </message>
    <message>
        <source>Product folders or archives (zip, tar, tgz), folders that hold them, or a catalog made by &apos;Catalog products&apos;.</source>
        <translation>Dossiers ou archives de produits (zip, tar, tgz), dossiers qui les contiennent, ou un catalogue créé par « Cataloguer des produits ».</translation>
    </message>
    <message>
        <source>Shipped sites</source>
        <translation>Sites fournis</translation>
    </message>
    <message>
        <source>Names (Libya4), types (desert, snow, ocean, cloud) or sets (pics20, pics20_small, antarctic) of the sites of this toolbox, separated by commas. Empty where only the layer of sites is meant.</source>
        <translation>Noms (Libya4), types (desert, snow, ocean, cloud) ou ensembles (pics20, pics20_small, antarctic) des sites de cette boîte à outils, séparés par des virgules. Vide si seule la couche de sites compte.</translation>
    </message>
    <message>
        <source>Layer of sites</source>
        <translation>Couche de sites</translation>
    </message>
    <message>
        <source>Polygons of your own, with a column of names.</source>
        <translation>Vos propres polygones, avec une colonne de noms.</translation>
    </message>
    <message>
        <source>full: every pixel. fast: JPEG 2000 files at their reduced resolution of 40 to 80 m, for sites of 5 km or more: many times faster, the mean within 0.05 %, the spread smaller. Other files are read in full.</source>
        <translation>full : tous les pixels. fast : fichiers JPEG 2000 à leur résolution réduite de 40 à 80 m, pour des sites de 5 km ou plus : bien plus rapide, la moyenne à 0,05 % près, la dispersion plus faible. Les autres fichiers sont lus en entier.</translation>
    </message>
    <message>
        <source>Names separated by commas, such as B2,B3,B4,B8; empty: all bands.</source>
        <translation>Noms séparés par des virgules, par exemple B2,B3,B4,B8 ; vide : toutes les bandes.</translation>
    </message>
    <message>
        <source>Name of the sensor, such as S2A/MSI, where the metadata do not say it; empty: as they say.</source>
        <translation>Nom du capteur, par exemple S2A/MSI, lorsque les métadonnées ne le disent pas ; vide : selon les métadonnées.</translation>
    </message>
    <message>
        <source>Empty: the processing baseline of each product. Fast mode adds the word fast. Give another one to extract the same products again, over other outlines or in other bands.</source>
        <translation>Vide : la version de traitement (baseline) de chaque produit. Le mode fast y ajoute le mot fast. Donnez-en une autre pour extraire de nouveau les mêmes produits, avec d’autres contours ou d’autres bandes.</translation>
    </message>
    <message>
        <source>Products at a time</source>
        <translation>Produits lus à la fois</translation>
    </message>
    <message>
        <source>Products that could not be used</source>
        <translation>Produits inutilisables</translation>
    </message>
    <message>
        <source>Give shipped sites (SITES), or a layer of sites (SITE_LAYER).</source>
        <translation>Indiquez des sites fournis (SITES) ou une couche de sites (SITE_LAYER).</translation>
    </message>
    <message>
        <source>Calibration report</source>
        <translation>Rapport d’étalonnage</translation>
    </message>
    <message>
        <source>The half-yearly report in one step, out of the calibration runs in the database: coefficients A_k of the period by band and site with their uncertainty, the change since the period before with its error and in words, series with trend models, the budget, and the list of the measurements used, on one page that needs nothing else. Its parameters are kept in the database, so that the same report can be made again.

Trends after Schwarz (1978), 10.1214/aos/1176344136, and Zhang and Siegmund (2007), 10.1111/j.1541-0420.2006.00662.x.</source>
        <translation>Le rapport semestriel en une étape, à partir des étalonnages de la base de données : coefficients A_k de la période par bande et par site avec leur incertitude, évolution depuis la période précédente avec son erreur et en toutes lettres, séries avec modèles de tendance, bilan d’incertitude et liste des mesures utilisées, sur une seule page autonome. Ses paramètres sont conservés dans la base, de sorte que le même rapport peut être refait.

Tendances d’après Schwarz (1978), 10.1214/aos/1176344136, et Zhang et Siegmund (2007), 10.1111/j.1541-0420.2006.00662.x.</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Période</translation>
    </message>
    <message>
        <source>2009-H1 (half-year), 2009-Q3 (quarter), 2009-05 (month) or 2009; empty: the half-year of the last coefficient. The period before is compared with it.</source>
        <translation>2009-H1 (semestre), 2009-Q3 (trimestre), 2009-05 (mois) ou 2009 ; vide : le semestre du dernier coefficient. La période précédente lui est comparée.</translation>
    </message>
    <message>
        <source>Sensors</source>
        <translation>Capteurs</translation>
    </message>
    <message>
        <source>Calibrated sensors, separated by commas; empty: all.</source>
        <translation>Capteurs étalonnés, séparés par des virgules ; vide : tous.</translation>
    </message>
    <message>
        <source>Separated by commas; empty: all.</source>
        <translation>Séparés par des virgules ; vide : tous.</translation>
    </message>
    <message>
        <source>Instead of a period, as 2009-01-31 (UTC).</source>
        <translation>Au lieu d’une période, sous la forme 2009-01-31 (UTC).</translation>
    </message>
    <message>
        <source>Instead of a period, as 2009-06-30 (UTC), included.</source>
        <translation>Au lieu d’une période, sous la forme 2009-06-30 (UTC), compris.</translation>
    </message>
    <message>
        <source>Numbers of the runs</source>
        <translation>Numéros des exécutions</translation>
    </message>
    <message>
        <source>Separated by commas; empty: the last run of each sensor, reference and method.</source>
        <translation>Séparés par des virgules ; vide : la dernière exécution de chaque capteur, référence et méthode.</translation>
    </message>
    <message>
        <source>Report to make again</source>
        <translation>Rapport à refaire</translation>
    </message>
    <message>
        <source>Number of a report that the database has kept: its parameters are taken, those above are not. 0: a new report.</source>
        <translation>Numéro d’un rapport conservé dans la base : ses paramètres sont repris, ceux ci-dessus ne le sont pas. 0 : un nouveau rapport.</translation>
    </message>
    <message>
        <source>Keep the parameters in the database</source>
        <translation>Conserver les paramètres dans la base</translation>
    </message>
    <message>
        <source>So that the report can be made again.</source>
        <translation>Pour que le rapport puisse être refait.</translation>
    </message>
    <message>
        <source>The page, with all figures in it.</source>
        <translation>La page, avec toutes les figures.</translation>
    </message>
    <message>
        <source>A row per run, band and site: the period, the one before, the change.</source>
        <translation>Une ligne par exécution, bande et site : la période, la précédente, l’évolution.</translation>
    </message>
    <message>
        <source>Number of the report in the database</source>
        <translation>Numéro du rapport dans la base</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Exécutions</translation>
    </message>
    <message>
        <source>Coefficients of the period</source>
        <translation>Coefficients de la période</translation>
    </message>
    <message>
        <source>Update calibration parameters</source>
        <translation>Mettre à jour les paramètres d’étalonnage</translation>
    </message>
    <message>
        <source>Fits models of time (constant, linear, exponential decay, parts between changes) to the coefficients A_k of a calibration run, under noise that remembers its past, and makes a new version of calibration parameters of the best one: a value per band and interval, with its uncertainty. A parameter is measured by simulated reflectance: corrected reflectance = measured / A_k. The version is checked on dates that the fit did not see, and written into the database only if you say so; older versions are kept.

Number of changes after Zhang and Siegmund (2007), 10.1111/j.1541-0420.2006.00662.x.</source>
        <translation>Ajuste des modèles temporels (constant, linéaire, décroissance exponentielle, parties entre ruptures) aux coefficients A_k d’un étalonnage, avec un bruit qui garde la mémoire de son passé, et tire du meilleur une nouvelle version des paramètres d’étalonnage : une valeur par bande et par intervalle, avec son incertitude. Un paramètre est le rapport de la réflectance mesurée à la réflectance simulée : réflectance corrigée = mesurée / A_k. La version est vérifiée sur des dates que l’ajustement n’a pas vues, et n’est écrite dans la base que si vous le demandez ; les versions antérieures sont conservées.

Nombre de ruptures d’après Zhang et Siegmund (2007), 10.1111/j.1541-0420.2006.00662.x.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Name of the new version, such as 2026-01; needed for writing.</source>
        <translation>Nom de la nouvelle version, par exemple 2026-01 ; nécessaire pour écrire.</translation>
    </message>
    <message>
        <source>Write into the database</source>
        <translation>Écrire dans la base de données</translation>
    </message>
    <message>
        <source>Off: propose only. Older versions are kept in any case.</source>
        <translation>Désactivé : proposer seulement. Les versions antérieures sont conservées dans tous les cas.</translation>
    </message>
    <message>
        <source>Number of the run</source>
        <translation>Numéro de l’exécution</translation>
    </message>
    <message>
        <source>Of the calibration whose coefficients are taken; 0: the last one.</source>
        <translation>De l’étalonnage dont les coefficients sont pris ; 0 : le dernier.</translation>
    </message>
    <message>
        <source>Separated by commas; empty: all of the run.</source>
        <translation>Séparées par des virgules ; vide : toutes celles de l’exécution.</translation>
    </message>
    <message>
        <source>Share held out</source>
        <translation>Part mise de côté</translation>
    </message>
    <message>
        <source>Share of the dates that the fit does not see, in blocks of neighbors spread over the series, from 0 to 0.5: the version is checked on them.</source>
        <translation>Part des dates que l’ajustement ne voit pas, par blocs de dates voisines répartis sur la série, de 0 à 0,5 : la version est vérifiée sur elles.</translation>
    </message>
    <message>
        <source>Last months held out</source>
        <translation>Derniers mois mis de côté</translation>
    </message>
    <message>
        <source>Hold out the last months instead of a share; 0: the share.</source>
        <translation>Mettre de côté les derniers mois au lieu d’une part ; 0 : la part.</translation>
    </message>
    <message>
        <source>Name of the parameter</source>
        <translation>Nom du paramètre</translation>
    </message>
    <message>
        <source>As the database keeps it.</source>
        <translation>Tel que la base le conserve.</translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation>Valable à partir du</translation>
    </message>
    <message>
        <source>As 2020-01-31 (UTC); empty: from the first date with a coefficient on.</source>
        <translation>Sous la forme 2020-01-31 (UTC) ; vide : à partir de la première date qui a un coefficient.</translation>
    </message>
    <message>
        <source>Validity of one value (months)</source>
        <translation>Validité d’une valeur (mois)</translation>
    </message>
    <message>
        <source>Where the model changes all the time, such as a line; 1 to 120.</source>
        <translation>Là où le modèle change tout le temps, comme une droite ; de 1 à 120.</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>A row per band and interval: value, errors, and the older version.</source>
        <translation>Une ligne par bande et par intervalle : valeur, erreurs et version antérieure.</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Vérification</translation>
    </message>
    <message>
        <source>A row per band: bias and scatter of held-out dates, before and after.</source>
        <translation>Une ligne par bande : biais et dispersion des dates mises de côté, avant et après.</translation>
    </message>
    <message>
        <source>Parameters, series with models, models side by side, check.</source>
        <translation>Paramètres, séries avec modèles, modèles côte à côte, vérification.</translation>
    </message>
    <message>
        <source>Parameters proposed</source>
        <translation>Paramètres proposés</translation>
    </message>
    <message>
        <source>Parameters written</source>
        <translation>Paramètres écrits</translation>
    </message>
    <message>
        <source>Parameters by band (JSON)</source>
        <translation>Paramètres par bande (JSON)</translation>
    </message>
    <message>
        <source>To write parameters, give their version (VERSION) a name.</source>
        <translation>Pour écrire des paramètres, donnez un nom à leur version (VERSION).</translation>
    </message>
    <message>
        <source>Give the parameter a name (NAME).</source>
        <translation>Donnez un nom au paramètre (NAME).</translation>
    </message>
    <message>
        <source>Fitting models</source>
        <translation>Ajustement des modèles</translation>
    </message>
    <message>
        <source>Read two observations</source>
        <translation>Lire deux observations</translation>
    </message>
    <message>
        <source>This table is in no file, so there is no place for a verdict. Save it first.</source>
        <translation>Cette table n’est dans aucun fichier : un verdict n’y a pas sa place. Enregistrez-la d’abord.</translation>
    </message>
    <message>
        <source>A_k by band</source>
        <translation>A_k par bande</translation>
    </message>
    <message>
        <source>A_k (measured / simulated)</source>
        <translation>A_k (mesuré / simulé)</translation>
    </message>
    <message>
        <source>± 1 SD of a pair</source>
        <translation>± 1 écart-type d’une paire</translation>
    </message>
    <message>
        <source>as the reference (1)</source>
        <translation>comme la référence (1)</translation>
    </message>
    <message>
        <source>Mean ± {} errors</source>
        <translation>Moyenne ± {} erreurs</translation>
    </message>
    <message>
        <source>{band}: A_k {mean} ± {half} (n = {count}), SD of a pair {sd} %</source>
        <translation>{band} : A_k {mean} ± {half} (n = {count}), écart-type d’une paire {sd} %</translation>
    </message>
    <message>
        <source>median {median}, trend {slope} ± {error} % per year</source>
        <translation>médiane {median}, tendance {slope} ± {error} % par an</translation>
    </message>
    <message>
        <source>Uncertainty of the mean</source>
        <translation>Incertitude de la moyenne</translation>
    </message>
    <message>
        <source>Standard uncertainty (% of A_k)</source>
        <translation>Incertitude-type (% de A_k)</translation>
    </message>
    <message>
        <source>Combined</source>
        <translation>Combinée</translation>
    </message>
    <message>
        <source>The sites whose coefficients are shown and summed up</source>
        <translation>Les sites dont les coefficients sont montrés et résumés</translation>
    </message>
    <message>
        <source>The bands on the time axis, six at most</source>
        <translation>Les bandes sur l’axe du temps, six au plus</translation>
    </message>
    <message>
        <source>Geometry</source>
        <translation>Géométrie</translation>
    </message>
    <message>
        <source>Largest difference of geometry between the two observations (degrees)</source>
        <translation>Plus grand écart de géométrie entre les deux observations (degrés)</translation>
    </message>
    <message>
        <source>Days apart</source>
        <translation>Jours d’écart</translation>
    </message>
    <message>
        <source>days</source>
        <translation>jours</translation>
    </message>
    <message>
        <source>Longest time between the two observations (days)</source>
        <translation>Plus long délai entre les deux observations (jours)</translation>
    </message>
    <message>
        <source>Outliers</source>
        <translation>Valeurs aberrantes</translation>
    </message>
    <message>
        <source>as in the table</source>
        <translation>comme dans la table</translation>
    </message>
    <message>
        <source>Beyond how many standard deviations a coefficient is an outlier, found anew for each band; at the left end those of the table are kept</source>
        <translation>Au-delà de combien d’écarts-types un coefficient est aberrant, recherché à nouveau pour chaque bande ; tout à gauche, on garde ceux de la table</translation>
    </message>
    <message>
        <source>From</source>
        <translation>De</translation>
    </message>
    <message>
        <source>First month that counts</source>
        <translation>Premier mois qui compte</translation>
    </message>
    <message>
        <source>To</source>
        <translation>À</translation>
    </message>
    <message>
        <source>Last month that counts</source>
        <translation>Dernier mois qui compte</translation>
    </message>
    <message>
        <source>Click a site on the map to show it alone</source>
        <translation>Cliquez un site sur la carte pour le montrer seul</translation>
    </message>
    <message>
        <source>All sites, the whole time, and the limits of the run</source>
        <translation>Tous les sites, toute la période et les limites de l’exécution</translation>
    </message>
    <message>
        <source>± {} standard errors</source>
        <translation>± {} erreurs-types</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Exécution</translation>
    </message>
    <message>
        <source>Intervals</source>
        <translation>Intervalles</translation>
    </message>
    <message>
        <source>The table has no values of {}.</source>
        <translation>La table n’a pas de valeurs de {}.</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Histogramme</translation>
    </message>
    <message>
        <source>The band whose coefficients are counted</source>
        <translation>La bande dont les coefficients sont comptés</translation>
    </message>
    <message>
        <source>A_k of {band}, {count} pairs</source>
        <translation>A_k de {band}, {count} paires</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Moyenne</translation>
    </message>
    <message>
        <source>± {} errors</source>
        <translation>± {} erreurs</translation>
    </message>
    <message>
        <source>A_k from {low} to {high}: {count} pairs</source>
        <translation>A_k de {low} à {high} : {count} paires</translation>
    </message>
    <message>
        <source>Reason, kept in the table</source>
        <translation>Motif, gardé dans la table</translation>
    </message>
    <message>
        <source>Reason of the verdict</source>
        <translation>Motif du verdict</translation>
    </message>
    <message>
        <source>These coefficients do not count; say why</source>
        <translation>Ces coefficients ne comptent pas ; dites pourquoi</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Accepter</translation>
    </message>
    <message>
        <source>These coefficients count; say why</source>
        <translation>Ces coefficients comptent ; dites pourquoi</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Back to what the run said of them</source>
        <translation>Revenir à ce que l’exécution en disait</translation>
    </message>
    <message>
        <source>1 coefficient selected</source>
        <translation>1 coefficient sélectionné</translation>
    </message>
    <message>
        <source>{} coefficients selected; a verdict is for all of them</source>
        <translation>{} coefficients sélectionnés ; un verdict vaut pour tous</translation>
    </message>
    <message>
        <source>Click a coefficient, or draw a rectangle, to look at it or judge it</source>
        <translation>Cliquez un coefficient, ou tracez un rectangle, pour l’examiner ou le juger</translation>
    </message>
    <message>
        <source>Half-years</source>
        <translation>Semestres</translation>
    </message>
    <message>
        <source>Rejected ({} beyond the axes)</source>
        <translation>Rejetés ({} hors des axes)</translation>
    </message>
    <message>
        <source>by hand: {}</source>
        <translation>à la main : {}</translation>
    </message>
    <message>
        <source>outlier</source>
        <translation>valeur aberrante</translation>
    </message>
    <message>
        <source>the spectrum of the reference does not reach this band</source>
        <translation>le spectre de la référence n’atteint pas cette bande</translation>
    </message>
    <message>
        <source>this band was not measured</source>
        <translation>cette bande n’a pas été mesurée</translation>
    </message>
    <message>
        <source>the site is not homogeneous</source>
        <translation>le site n’est pas homogène</translation>
    </message>
    <message>
        <source>geometry beyond the limit of the panel</source>
        <translation>géométrie au-delà de la limite du panneau</translation>
    </message>
    <message>
        <source>days beyond the limit of the panel</source>
        <translation>jours d’écart au-delà de la limite du panneau</translation>
    </message>
    <message>
        <source>no partner within the limits</source>
        <translation>pas de partenaire dans les limites</translation>
    </message>
    <message>
        <source>accepted ({})</source>
        <translation>accepté ({})</translation>
    </message>
    <message>
        <source>spline</source>
        <translation>spline</translation>
    </message>
    <message>
        <source>monotone spline</source>
        <translation>spline monotone</translation>
    </message>
    <message>
        <source>known spectrum</source>
        <translation>spectre connu</translation>
    </message>
    <message>
        <source>integration at the top of the atmosphere</source>
        <translation>intégration au sommet de l’atmosphère</translation>
    </message>
    <message>
        <source>AOT, both dates</source>
        <translation>AOT, deux dates</translation>
    </message>
    <message>
        <source>AOT, between dates</source>
        <translation>AOT, entre dates</translation>
    </message>
    <message>
        <source>Water vapor, both dates</source>
        <translation>Vapeur d’eau, deux dates</translation>
    </message>
    <message>
        <source>Water vapor, between dates</source>
        <translation>Vapeur d’eau, entre dates</translation>
    </message>
    <message>
        <source>Ozone</source>
        <translation>Ozone</translation>
    </message>
    <message>
        <source>Pressure</source>
        <translation>Pression</translation>
    </message>
    <message>
        <source>Spectral interpolation</source>
        <translation>Interpolation spectrale</translation>
    </message>
    <message>
        <source>Spectral response</source>
        <translation>Réponse spectrale</translation>
    </message>
    <message>
        <source>Matching</source>
        <translation>Appariement</translation>
    </message>
    <message>
        <source>Scatter of the pairs</source>
        <translation>Dispersion des paires</translation>
    </message>
    <message>
        <source>random</source>
        <translation>aléatoire</translation>
    </message>
    <message>
        <source>systematic</source>
        <translation>systématique</translation>
    </message>
    <message>
        <source>{band} ({nm} nm)</source>
        <translation>{band} ({nm} nm)</translation>
    </message>
    <message>
        <source>{} UTC</source>
        <translation>{} UTC</translation>
    </message>
    <message>
        <source>The two observations</source>
        <translation>Les deux observations</translation>
    </message>
    <message>
        <source>The bands of the pair</source>
        <translation>Les bandes de la paire</translation>
    </message>
    <message>
        <source>Click a coefficient to see the two observations that made it.</source>
        <translation>Cliquez un coefficient pour voir les deux observations dont il vient.</translation>
    </message>
    <message>
        <source>{site}, {days} days apart, geometry {distance}° apart</source>
        <translation>{site}, {days} jours d’écart, {distance}° d’écart de géométrie</translation>
    </message>
    <message>
        <source>{}; sun and view are exchanged (reciprocity)</source>
        <translation>{} ; soleil et visée échangés (réciprocité)</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Cible</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Référence</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Mesuré</translation>
    </message>
    <message>
        <source>Simulated</source>
        <translation>Simulé</translation>
    </message>
    <message>
        <source>Sun zenith</source>
        <translation>Zénith solaire</translation>
    </message>
    <message>
        <source>View zenith</source>
        <translation>Zénith de visée</translation>
    </message>
    <message>
        <source>Relative azimuth</source>
        <translation>Azimut relatif</translation>
    </message>
    <message>
        <source>No coefficient passes the limits. Widen or reset them.</source>
        <translation>Aucun coefficient ne passe les limites. Élargissez-les ou réinitialisez-les.</translation>
    </message>
    <message>
        <source>Over time</source>
        <translation>Dans le temps</translation>
    </message>
    <message>
        <source>By band</source>
        <translation>Par bande</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>Incertitude</translation>
    </message>
    <message>
        <source>Pair</source>
        <translation>Paire</translation>
    </message>
    <message>
        <source>Choose coefficients</source>
        <translation>Choisir des coefficients</translation>
    </message>
    <message>
        <source>Coefficients and databases in the project and opened before</source>
        <translation>Coefficients et bases du projet et ouverts auparavant</translation>
    </message>
    <message>
        <source>Open a table of coefficients, or a calibration database</source>
        <translation>Ouvrir une table de coefficients, ou une base d’étalonnage</translation>
    </message>
    <message>
        <source>Coefficients, calibration databases</source>
        <translation>Coefficients, bases d’étalonnage</translation>
    </message>
    <message>
        <source>Look at calibration coefficients</source>
        <translation>Examiner les coefficients d’étalonnage</translation>
    </message>
    <message>
        <source>Open coefficients…</source>
        <translation>Ouvrir des coefficients…</translation>
    </message>
    <message>
        <source>Reading the coefficients…</source>
        <translation>Lecture des coefficients…</translation>
    </message>
    <message>
        <source>Read coefficients</source>
        <translation>Lire les coefficients</translation>
    </message>
    <message>
        <source>There is no record of the run that made these coefficients, so no command to copy.</source>
        <translation>Il n’y a pas d’enregistrement de l’exécution qui a produit ces coefficients, donc pas de commande à copier.</translation>
    </message>
    <message>
        <source>Summary of the selection</source>
        <translation>Résumé de la sélection</translation>
    </message>
    <message>
        <source>Pairs that count; in brackets those that are rejected</source>
        <translation>Paires qui comptent ; entre parenthèses, celles qui sont rejetées</translation>
    </message>
    <message>
        <source>Mean of measured by simulated reflectance</source>
        <translation>Moyenne de la réflectance mesurée sur la simulée</translation>
    </message>
    <message>
        <source>SD %</source>
        <translation>É.-T. %</translation>
    </message>
    <message>
        <source>Standard deviation of one pair, in percent of the mean</source>
        <translation>Écart-type d’une paire, en pour cent de la moyenne</translation>
    </message>
    <message>
        <source>Trend %/yr</source>
        <translation>Tend. %/an</translation>
    </message>
    <message>
        <source>Slope in percent of the mean per year</source>
        <translation>Pente en pour cent de la moyenne par an</translation>
    </message>
    <message>
        <source>A_k over time</source>
        <translation>A_k dans le temps</translation>
    </message>
    <message>
        <source>A row for each band; otherwise all in one</source>
        <translation>Une ligne par bande ; sinon toutes en une</translation>
    </message>
    <message>
        <source>Show rejected coefficients, hollow and gray</source>
        <translation>Montrer les coefficients rejetés, creux et gris</translation>
    </message>
    <message>
        <source>{target} against {reference}</source>
        <translation>{target} contre {reference}</translation>
    </message>
    <message>
        <source>Half-year {name}, {band}: mean A_k {mean} ± {half} (n = {count})</source>
        <translation>Semestre {name}, {band} : A_k moyen {mean} ± {half} (n = {count})</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Étalonnage</translation>
    </message>
    <message>
        <source>Simulating two sensors over three deserts…</source>
        <translation>Simulation de deux capteurs sur trois déserts…</translation>
    </message>
    <message>
        <source>Simulate a calibration</source>
        <translation>Simuler un étalonnage</translation>
    </message>
    <message>
        <source>There is no site of these coefficients here.</source>
        <translation>Il n’y a pas de site de ces coefficients ici.</translation>
    </message>
    <message>
        <source>Coefficients (simulated example)</source>
        <translation>Coefficients (exemple simulé)</translation>
    </message>
    <message>
        <source>Finds the dates at which the reflectance of a site is off its season, says of which type the anomaly is (cloud, thin cloud, shadow, AOT under- or over-corrected, gain, offset, wrong date), how large and how sure. A seasonal model is fitted robustly to the clear dates; all bands together give one p-value per date, so that the number of false alarms is known beforehand. With several sites, dates and lasting changes that they share are told from those of one ground: they rather come from sensor or processor.

After Rousseeuw and Van Driessen (1999), 10.1080/00401706.1999.10485670, and Benjamini and Heller (2008), 10.1111/j.1541-0420.2007.00984.x.</source>
        <translation>Trouve les dates où la réflectance d’un site s’écarte de sa saison, et dit de quel type est l’anomalie (nuage, nuage fin, ombre, AOT sous- ou surcorrigée, gain, décalage, date fausse), son amplitude et sa confiance. Un modèle saisonnier est ajusté de façon robuste aux dates claires ; toutes les bandes ensemble donnent une p-valeur par date, si bien que le nombre de fausses alarmes est connu d’avance. Avec plusieurs sites, les dates et les changements durables qu’ils partagent sont distingués de ceux d’un seul sol : ils viennent plutôt du capteur ou du traitement.

D’après Rousseeuw et Van Driessen (1999), 10.1080/00401706.1999.10485670, et Benjamini et Heller (2008), 10.1111/j.1541-0420.2007.00984.x.</translation>
    </message>
    <message>
        <source>Find stable sites</source>
        <translation>Chercher des sites stables</translation>
    </message>
    <message>
        <source>Looks for new calibration sites in a series of images: places whose reflectance is stable in time after the effect of the directions of sun and view is taken off, uniform in space, stable in color, without drift and often clear. Each pixel gets its temporal CV (robust kernel model Ross-Li or Roujean), trend with error, spectral CV, clear frequency, the spatial CV in a moving window, and a score: the largest of these by its limit. Connected places that pass and hold a square of the smallest size become polygons, ready for &apos;Extract calibration sites&apos;. Works tile by tile, resumes where it was stopped.</source>
        <translation>Cherche de nouveaux sites d’étalonnage dans une série d’images : des lieux dont la réflectance est stable dans le temps une fois retiré l’effet des directions du soleil et de visée, uniforme dans l’espace, stable en couleur, sans dérive, et souvent claire. Chaque pixel reçoit son CV temporel (modèle à noyaux robuste, Ross-Li ou Roujean), sa tendance avec son erreur, son CV spectral, sa fréquence de dates claires, le CV spatial dans une fenêtre glissante, et un score : le plus grand d’entre eux rapporté à sa limite. Les lieux connexes qui passent et contiennent un carré de la plus petite taille deviennent des polygones, prêts pour « Extraire les sites d’étalonnage ». Travaille tuile par tuile et reprend là où il s’est arrêté.</translation>
    </message>
    <message>
        <source>Layers: score (1 and below passes), what limits it, clear frequency and dates, temporal, spatial and spectral CV, trend, then the figures of each band with standard errors. Percent; 32 bit floating point, no data -9999.</source>
        <translation>Couches : score (1 et moins passe), ce qui le limite, fréquence et nombre des dates claires, CV temporel, spatial et spectral, tendance, puis les valeurs de chaque bande avec leurs erreurs types. Pour cent ; virgule flottante 32 bits, pas de données -9999.</translation>
    </message>
    <message>
        <source>Candidate sites</source>
        <translation>Sites candidats</translation>
    </message>
    <message>
        <source>Polygons, the best first: area, center, clear dates, mean, CVs and trends by band with standard errors, score.</source>
        <translation>Polygones, le meilleur d’abord : superficie, centre, dates claires, moyenne, CV et tendances par bande avec leurs erreurs types, score.</translation>
    </message>
    <message>
        <source>Maps, the best candidates, what pixels fail by, settings and limits.</source>
        <translation>Cartes, meilleurs candidats, ce qui fait échouer les pixels, réglages et limites.</translation>
    </message>
    <message>
        <source>Area of all candidates (km2)</source>
        <translation>Superficie de tous les candidats (km2)</translation>
    </message>
    <message>
        <source>Dates used</source>
        <translation>Dates utilisées</translation>
    </message>
    <message>
        <source>Pixels measured</source>
        <translation>Pixels mesurés</translation>
    </message>
    <message>
        <source>Pixels that pass</source>
        <translation>Pixels qui passent</translation>
    </message>
    <message>
        <source>Score of the best candidate</source>
        <translation>Score du meilleur candidat</translation>
    </message>
    <message>
        <source>Table of angles</source>
        <translation>Table des angles</translation>
    </message>
    <message>
        <source>A row per date with the columns date, sza, saa, vza and vaa: zenith and azimuth of sun and view in degrees. Goes before what products state; needed for stacks of rasters that state none.</source>
        <translation>Une ligne par date avec les colonnes date, sza, saa, vza et vaa : zénith et azimut du soleil et de la visée en degrés. Passe avant ce que disent les produits ; nécessaire pour les séries de rasters qui n’en disent rien.</translation>
    </message>
    <message>
        <source>Smallest site (m)</source>
        <translation>Plus petit site (m)</translation>
    </message>
    <message>
        <source>Side of the smallest square that a site holds, in meters on the ground. Empty: 20 km, or a fifth of the shorter side of the image where that is less.</source>
        <translation>Côté du plus petit carré que contient un site, en mètres au sol. Vide : 20 km, ou un cinquième du petit côté de l’image si c’est moins.</translation>
    </message>
    <message>
        <source>Directional model</source>
        <translation>Modèle directionnel</translation>
    </message>
    <message>
        <source>What is taken off a series before its scatter counts: the kernels ross_li or roujean of the directions of sun and view, one harmonic of the year (season), or none. Without angles the season takes the place of the kernels.</source>
        <translation>Ce qui est retiré d’une série avant de compter sa dispersion : les noyaux ross_li ou roujean des directions du soleil et de visée, une harmonique de l’année (season), ou rien (none). Sans angles, la saison remplace les noyaux.</translation>
    </message>
    <message>
        <source>Also fit a linear trend, and refuse pixels that drift. Off: drift is scatter.</source>
        <translation>Ajuste aussi une tendance linéaire et refuse les pixels qui dérivent. Désactivé : la dérive compte comme dispersion.</translation>
    </message>
    <message>
        <source>Fewest clear dates</source>
        <translation>Dates claires au moins</translation>
    </message>
    <message>
        <source>A pixel with fewer clear dates is not measured; 7 or more with all terms.</source>
        <translation>Un pixel qui a moins de dates claires n’est pas mesuré ; 7 ou plus avec tous les termes.</translation>
    </message>
    <message>
        <source>Moving window (m)</source>
        <translation>Fenêtre glissante (m)</translation>
    </message>
    <message>
        <source>Side of the window in which the spatial CV is measured, in meters on the ground. Empty: a quarter of the smallest site; at least 3 pixels.</source>
        <translation>Côté de la fenêtre dans laquelle le CV spatial est mesuré, en mètres au sol. Vide : un quart du plus petit site ; au moins 3 pixels.</translation>
    </message>
    <message>
        <source>Limit of the temporal CV (percent)</source>
        <translation>Limite du CV temporel (pour cent)</translation>
    </message>
    <message>
        <source>Scatter over the dates after the model is taken off, by the mean.</source>
        <translation>Dispersion sur les dates après retrait du modèle, rapportée à la moyenne.</translation>
    </message>
    <message>
        <source>Limit of the spatial CV (percent)</source>
        <translation>Limite du CV spatial (pour cent)</translation>
    </message>
    <message>
        <source>Standard deviation of the mean reflectance in the moving window, by its mean.</source>
        <translation>Écart type de la réflectance moyenne dans la fenêtre glissante, rapporté à sa moyenne.</translation>
    </message>
    <message>
        <source>Limit of the spectral CV (percent)</source>
        <translation>Limite du CV spectral (pour cent)</translation>
    </message>
    <message>
        <source>Scatter of the ratios of bands over the dates; not used with one band.</source>
        <translation>Dispersion des rapports de bandes sur les dates ; sans objet avec une seule bande.</translation>
    </message>
    <message>
        <source>Limit of the trend (percent per year)</source>
        <translation>Limite de la tendance (pour cent par an)</translation>
    </message>
    <message>
        <source>Only the part of a trend counts that exceeds three standard errors.</source>
        <translation>Seule compte la part d’une tendance qui dépasse trois erreurs types.</translation>
    </message>
    <message>
        <source>Fewest clear dates (percent)</source>
        <translation>Dates claires au moins (pour cent)</translation>
    </message>
    <message>
        <source>Clear dates of a pixel by all dates, above 0 up to 100.</source>
        <translation>Dates claires d’un pixel rapportées à toutes les dates, de plus de 0 à 100.</translation>
    </message>
    <message>
        <source>The limits are for the worst band of a pixel, or for the mean of all bands.</source>
        <translation>Les limites valent pour la pire bande d’un pixel, ou pour la moyenne de toutes les bandes.</translation>
    </message>
    <message>
        <source>Pixels let off (percent)</source>
        <translation>Pixels dispensés (pour cent)</translation>
    </message>
    <message>
        <source>Share of the pixels of the smallest square that need not pass; 0 to below 50.</source>
        <translation>Part des pixels du plus petit carré qui peuvent ne pas passer ; de 0 à moins de 50.</translation>
    </message>
    <message>
        <source>Find cloud sites</source>
        <translation>Trouver des sites nuageux</translation>
    </message>
    <message>
        <source>Searches products (Sentinel-2 L1C, Landsat Level 1) for deep convective clouds, which calibrations over clouds need: metadata first, then the small preview image, and the bands only of what may show such clouds. Gives maps of how often they are seen, by cell and month, new areas for calibration ranked by the clouds to be expected, and measurements over them in the calibration database, from which &apos;Calibrate bands over clouds&apos; works. What was searched before is not read again.

Without a thermal band clouds are selected by what they are: bright, white, of ice, even, and above the water vapor. Every threshold is a parameter, and the report says how much hangs on each. Statistics after Doelling et al. (2013), 10.1109/TGRS.2012.2225066.</source>
        <translation>Cherche dans des produits (Sentinel-2 L1C, Landsat niveau 1) les nuages convectifs profonds dont les étalonnages sur nuages ont besoin : les métadonnées d’abord, puis la petite image d’aperçu, et les bandes seulement de ce qui peut montrer de tels nuages. Donne des cartes de leur fréquence par maille et par mois, de nouvelles zones d’étalonnage classées par les nuages à attendre, et des mesures sur ces nuages dans la base d’étalonnage, à partir de laquelle travaille « Étalonner les bandes sur des nuages ». Ce qui a déjà été examiné n’est pas relu.

Sans bande thermique, les nuages sont choisis d’après ce qu’ils sont : clairs, blancs, de glace, réguliers, et au-dessus de la vapeur d’eau. Chaque seuil est un paramètre, et le rapport dit combien en dépend. Statistiques d’après Doelling et al. (2013), 10.1109/TGRS.2012.2225066.</translation>
    </message>
    <message>
        <source>Cell size (degrees)</source>
        <translation>Taille des mailles (degrés)</translation>
    </message>
    <message>
        <source>Side of the cells in which clouds are counted and measured, 0.005 to 10. Each cell with clouds becomes a site of the database.</source>
        <translation>Côté des mailles dans lesquelles les nuages sont comptés et mesurés, de 0.005 à 10. Chaque maille avec des nuages devient un site de la base.</translation>
    </message>
    <message>
        <source>Least cloud percentage</source>
        <translation>Pourcentage de nuages minimal</translation>
    </message>
    <message>
        <source>Of the product&apos;s own metadata, 0 to 100; products with less are not opened.</source>
        <translation>D’après les métadonnées du produit, de 0 à 100 ; les produits qui en ont moins ne sont pas ouverts.</translation>
    </message>
    <message>
        <source>Largest sun zenith angle (degrees)</source>
        <translation>Angle zénithal solaire maximal (degrés)</translation>
    </message>
    <message>
        <source>In the middle of the product, 1 to 80; lower suns are no observation at all.</source>
        <translation>Au milieu du produit, de 1 à 80 ; un soleil plus bas ne compte pas comme observation.</translation>
    </message>
    <message>
        <source>Southernmost latitude (degrees)</source>
        <translation>Latitude la plus au sud (degrés)</translation>
    </message>
    <message>
        <source>Of the middle of a product, -90 to 90.</source>
        <translation>Du milieu d’un produit, de -90 à 90.</translation>
    </message>
    <message>
        <source>Northernmost latitude (degrees)</source>
        <translation>Latitude la plus au nord (degrés)</translation>
    </message>
    <message>
        <source>Preview: least brightness</source>
        <translation>Aperçu : clarté minimale</translation>
    </message>
    <message>
        <source>Of the darkest color of a pixel, as a share of full scale (0 to 1). Previews of Sentinel-2 are white from a reflectance of 0.36 on.</source>
        <translation>De la couleur la plus sombre d’un pixel, en part de la pleine échelle (0 à 1). Les aperçus de Sentinel-2 sont blancs à partir d’une réflectance de 0.36.</translation>
    </message>
    <message>
        <source>Preview: largest color</source>
        <translation>Aperçu : coloration maximale</translation>
    </message>
    <message>
        <source>Difference of the colors of a pixel, as a share of the brightest (0 to 1).</source>
        <translation>Écart entre les couleurs d’un pixel, en part de la plus claire (0 à 1).</translation>
    </message>
    <message>
        <source>Preview: least share</source>
        <translation>Aperçu : part minimale</translation>
    </message>
    <message>
        <source>Share of the pixels that must be bright and white (0 to 1); 0 reads the bands of every product.</source>
        <translation>Part des pixels qui doivent être clairs et blancs (0 à 1) ; avec 0, les bandes de tous les produits sont lues.</translation>
    </message>
    <message>
        <source>Least reflectance at 1.38 µm</source>
        <translation>Réflectance minimale à 1,38 µm</translation>
    </message>
    <message>
        <source>B10 of Sentinel-2 (0 to 1): what lies below water vapor is dark there.</source>
        <translation>B10 de Sentinel-2 (0 à 1) : ce qui se trouve sous la vapeur d’eau y est sombre.</translation>
    </message>
    <message>
        <source>Least reflectance</source>
        <translation>Réflectance minimale</translation>
    </message>
    <message>
        <source>In the near infrared, B8A of Sentinel-2 (0 to 1.5).</source>
        <translation>Dans le proche infrarouge, B8A de Sentinel-2 (0 à 1.5).</translation>
    </message>
    <message>
        <source>Least ratio of ice</source>
        <translation>Rapport de glace minimal</translation>
    </message>
    <message>
        <source>1.6 µm by near infrared, B11 by B8A: snow on the ground has less.</source>
        <translation>1,6 µm sur proche infrarouge, B11 sur B8A : la neige au sol en a moins.</translation>
    </message>
    <message>
        <source>Largest ratio of ice</source>
        <translation>Rapport de glace maximal</translation>
    </message>
    <message>
        <source>1.6 µm by near infrared, B11 by B8A: clouds of water have more.</source>
        <translation>1,6 µm sur proche infrarouge, B11 sur B8A : les nuages d’eau en ont plus.</translation>
    </message>
    <message>
        <source>Of blue by red, B2 by B4, from 1.</source>
        <translation>Du rapport bleu sur rouge, B2 sur B4, à 1.</translation>
    </message>
    <message>
        <source>Largest unevenness</source>
        <translation>Irrégularité maximale</translation>
    </message>
    <message>
        <source>Standard deviation by mean of 3 x 3 pixels of the search, in red and near infrared.</source>
        <translation>Écart type sur moyenne de 3 x 3 pixels de la recherche, dans le rouge et le proche infrarouge.</translation>
    </message>
    <message>
        <source>Pixels of the search (m)</source>
        <translation>Pixels de la recherche (m)</translation>
    </message>
    <message>
        <source>Bands are averaged over squares of this side, rounded to whole pixels of the coarsest band: 60 to 20000 m.</source>
        <translation>Les bandes sont moyennées sur des carrés de ce côté, arrondi à des pixels entiers de la bande la plus grossière : de 60 à 20000 m.</translation>
    </message>
    <message>
        <source>Least scenes of an area</source>
        <translation>Nombre minimal de scènes d’une zone</translation>
    </message>
    <message>
        <source>Cells that were seen less often make no areas; 1 or more.</source>
        <translation>Les mailles vues moins souvent ne forment pas de zone ; 1 ou plus.</translation>
    </message>
    <message>
        <source>Least frequency of an area</source>
        <translation>Fréquence minimale d’une zone</translation>
    </message>
    <message>
        <source>Share of the scenes with clouds (0 to 1) from which on cells make areas.</source>
        <translation>Part des scènes avec nuages (0 à 1) à partir de laquelle les mailles forment des zones.</translation>
    </message>
    <message>
        <source>Empty: the processing baseline of each product. The word dcc is added. Give another one to search the same products again under other limits.</source>
        <translation>Vide : la version de traitement de chaque produit. Le mot dcc y est ajouté. Donnez-en une autre pour chercher à nouveau dans les mêmes produits sous d’autres limites.</translation>
    </message>
    <message>
        <source>Of overpasses, for the errors of the statistics; 20 or more.</source>
        <translation>De passages, pour les erreurs des statistiques ; 20 ou plus.</translation>
    </message>
    <message>
        <source>Frequency</source>
        <translation>Fréquence</translation>
    </message>
    <message>
        <source>A polygon per cell and month, and per cell for all months: scenes, scenes with clouds, frequency with its interval.</source>
        <translation>Un polygone par maille et par mois, et par maille pour tous les mois : scènes, scènes avec nuages, fréquence avec son intervalle.</translation>
    </message>
    <message>
        <source>Areas</source>
        <translation>Zones</translation>
    </message>
    <message>
        <source>Areas of frequent clouds, ranked by the cloud pixels to be expected.</source>
        <translation>Zones de nuages fréquents, classées par le nombre de pixels de nuage à attendre.</translation>
    </message>
    <message>
        <source>What each step removed, maps, distributions with all statistics, areas.</source>
        <translation>Ce que chaque étape a écarté, cartes, distributions avec toutes les statistiques, zones.</translation>
    </message>
    <message>
        <source>Products searched</source>
        <translation>Produits examinés</translation>
    </message>
    <message>
        <source>Products whose bands were read</source>
        <translation>Produits dont les bandes ont été lues</translation>
    </message>
    <message>
        <source>Products searched before</source>
        <translation>Produits examinés auparavant</translation>
    </message>
    <message>
        <source>Number of areas</source>
        <translation>Nombre de zones</translation>
    </message>
    <message>
        <source>Spectra of the sites</source>
        <translation>Spectres des sites</translation>
    </message>
    <message>
        <source>A table of wavelength and reflectance for all sites, or with the columns site, wavelength_nm and reflectance. Only their shape is used. For the methods with a hyperspectrum.</source>
        <translation>Une table de longueurs d’onde et de réflectances pour tous les sites, ou avec les colonnes site, wavelength_nm et reflectance. Seule leur forme est utilisée. Pour les méthodes à hyperspectre.</translation>
    </message>
    <message>
        <source>Correction of directions</source>
        <translation>Correction des directions</translation>
    </message>
    <message>
        <source>A directional model of each site, fitted to what the reference measured there, takes its reflectance to the directions of the other sensor: roujean and rossli (kernels), rpv (four parameters). none: the limits of the matching alone. With a model the limits may be wider.</source>
        <translation>Un modèle directionnel de chaque site, ajusté à ce que la référence y a mesuré, amène sa réflectance aux directions de l’autre capteur : roujean et rossli (noyaux), rpv (quatre paramètres). none : les seules limites de l’appariement. Avec un modèle, les limites peuvent être plus larges.</translation>
    </message>
    <message>
        <source>Whose last calibration run is taken, such as S2B/MSI; empty: of the only one that is calibrated.</source>
        <translation>Dont la dernière exécution d’étalonnage est prise, par exemple S2B/MSI ; vide : du seul qui soit étalonné.</translation>
    </message>
    <message>
        <source>Of the run that is taken. sites: the last one over deserts or Antarctic sites; runs over clouds are taken only where they are named.</source>
        <translation>De l’exécution prise. sites : la dernière sur des déserts ou des sites antarctiques ; celles sur des nuages ne sont prises que si elles sont nommées.</translation>
    </message>
    <message>
        <source>Level of each site</source>
        <translation>Niveau de chaque site</translation>
    </message>
    <message>
        <source>Fitted together with the trend: sites with different levels that are seen at different times make no drift.</source>
        <translation>Ajusté avec la tendance : des sites de niveaux différents, vus à des dates différentes, ne font pas de dérive.</translation>
    </message>
    <message>
        <source>Fit a wave of one year together with the trend; from two years on.</source>
        <translation>Ajuster une onde d’un an avec la tendance ; à partir de deux ans.</translation>
    </message>
    <message>
        <source>known spectrum, integrated at the top of the atmosphere</source>
        <translation>spectre connu, intégré au sommet de l’atmosphère</translation>
    </message>
    <message>
        <source>Open coefficients to see their means by band.</source>
        <translation>Ouvrez des coefficients pour voir leurs moyennes par bande.</translation>
    </message>
    <message>
        <source>analytic</source>
        <translation>analytique</translation>
    </message>
    <message>
        <source>analytic {} %</source>
        <translation>analytique : {} %</translation>
    </message>
    <message>
        <source>Combined (k = 1): {}.</source>
        <translation>Combinée (k = 1) : {}.</translation>
    </message>
    <message>
        <source>Errors of two bands go together: correlation {low} to {high}. The difference of two bands is better known than each of them.</source>
        <translation>Les erreurs de deux bandes vont ensemble : corrélation de {low} à {high}. La différence de deux bandes est mieux connue que chacune d’elles.</translation>
    </message>
    <message>
        <source>How the errors of the bands go together is not known here: open the output “Contributions” of “Budget the uncertainty over deserts” that was made with “Correlation between bands”.</source>
        <translation>On ne sait pas ici comment les erreurs des bandes vont ensemble : ouvrez la sortie « Contributions » de « Établir le bilan d’incertitude sur des déserts » faite avec « Corrélation entre bandes ».</translation>
    </message>
    <message>
        <source>There is no uncertainty budget here. It is kept in the calibration database: run the calibration with DRAWS above 0 and KEEP_RUN, then open the database, or keep it where the record beside the table says it is. Or open the output “Contributions” of “Budget the uncertainty over deserts”.</source>
        <translation>Il n’y a pas de bilan d’incertitude ici. Il est gardé dans la base d’étalonnage : exécutez l’étalonnage avec DRAWS supérieur à 0 et KEEP_RUN, puis ouvrez la base, ou laissez-la là où l’enregistrement à côté de la table dit qu’elle est. Ou ouvrez la sortie « Contributions » de « Établir le bilan d’incertitude sur des déserts ».</translation>
    </message>
    <message>
        <source>Cloud statistics</source>
        <translation>Statistiques des nuages</translation>
    </message>
    <message>
        <source>The band whose clouds are counted</source>
        <translation>La bande dont on compte les nuages</translation>
    </message>
    <message>
        <source>Measured by the sensor, or simulated</source>
        <translation>Mesurée par le capteur, ou simulée</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>mesurée</translation>
    </message>
    <message>
        <source>simulated</source>
        <translation>simulée</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>Densité</translation>
    </message>
    <message>
        <source>Draw clouds for bootstrap errors</source>
        <translation>Tirer des nuages pour les erreurs par bootstrap</translation>
    </message>
    <message>
        <source>Clouds in {}</source>
        <translation>Nuages en {}</translation>
    </message>
    <message>
        <source>Simulated TOA reflectance</source>
        <translation>Réflectance TOA simulée</translation>
    </message>
    <message>
        <source>Measured TOA reflectance</source>
        <translation>Réflectance TOA mesurée</translation>
    </message>
    <message>
        <source>± {} standard errors by bootstrap of months</source>
        <translation>± {} erreurs-types par bootstrap des mois</translation>
    </message>
    <message>
        <source>Reflectance from {low} to {high}: {count} clouds</source>
        <translation>Réflectance de {low} à {high} : {count} nuages</translation>
    </message>
    <message>
        <source>A_k, measured by simulated ({} clouds): </source>
        <translation>A_k, mesuré sur simulé ({} nuages) : </translation>
    </message>
    <message>
        <source>This is for runs of “Calibrate bands over clouds”: open the calibration database that keeps such a run, and choose it under “Run”. The reflectances of its clouds are shown here with mode, median, mean and inflection and their bootstrap errors.</source>
        <translation>Ceci est pour les exécutions de « Étalonner les bandes sur des nuages » : ouvrez la base d’étalonnage qui en garde une, et choisissez-la sous « Exécution ». Les réflectances de ses nuages sont montrées ici avec le mode, la médiane, la moyenne et l’inflexion et leurs erreurs par bootstrap.</translation>
    </message>
    <message>
        <source>Open coefficients to see how they are spread.</source>
        <translation>Ouvrez des coefficients pour voir leur dispersion.</translation>
    </message>
    <message>
        <source>Impact of clouds</source>
        <translation>Effet des nuages</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>The cloud test whose threshold is swept</source>
        <translation>Le test de nuages dont on balaie le seuil</translation>
    </message>
    <message>
        <source>SD (%)</source>
        <translation>É.-T. (%)</translation>
    </message>
    <message>
        <source>with the screening as set</source>
        <translation>avec le tri tel que réglé</translation>
    </message>
    <message>
        <source>No pair at any threshold: {}.</source>
        <translation>Aucune paire à aucun seuil : {}.</translation>
    </message>
    <message>
        <source>Threshold ({unit}); stricter to the left</source>
        <translation>Seuil ({unit}) ; plus strict à gauche</translation>
    </message>
    <message>
        <source>{band}, threshold {value}: A_k {mean} ± {half}, change {change} %</source>
        <translation>{band}, seuil {value} : A_k {mean} ± {half}, changement {change} %</translation>
    </message>
    <message>
        <source>{pairs} pairs, SD of a pair {sd} % (robust {robust} %); {target} observations of the target and {reference} of the reference pass</source>
        <translation>{pairs} paires, écart-type d’une paire {sd} % (robuste {robust} %) ; {target} observations de la cible et {reference} de la référence passent</translation>
    </message>
    <message>
        <source>Run “Study the impact of clouds on Antarctic calibration” and open its output “Coefficients by threshold” with the list or the button at the top: A_k, scatter and number of pairs are shown here over the threshold of each cloud test.</source>
        <translation>Exécutez « Étudier l’effet des nuages sur l’étalonnage antarctique » et ouvrez sa sortie « Coefficients selon le seuil » avec la liste ou le bouton en haut : A_k, dispersion et nombre de paires sont montrés ici selon le seuil de chaque test de nuages.</translation>
    </message>
    <message>
        <source>the cloud is not bright enough</source>
        <translation>le nuage n’est pas assez clair</translation>
    </message>
    <message>
        <source>the cloud is not white</source>
        <translation>le nuage n’est pas blanc</translation>
    </message>
    <message>
        <source>spread over the site</source>
        <translation>dispersion sur le site</translation>
    </message>
    <message>
        <source>residual of the directional model</source>
        <translation>résidu du modèle directionnel</translation>
    </message>
    <message>
        <source>color against its month</source>
        <translation>couleur par rapport à son mois</translation>
    </message>
    <message>
        <source>outliers of the coefficients</source>
        <translation>valeurs aberrantes des coefficients</translation>
    </message>
    <message>
        <source>standard deviations</source>
        <translation>écarts-types</translation>
    </message>
    <message>
        <source>mode</source>
        <translation>mode</translation>
    </message>
    <message>
        <source>median</source>
        <translation>médiane</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>moyenne</translation>
    </message>
    <message>
        <source>inflection</source>
        <translation>inflexion</translation>
    </message>
    <message>
        <source>PostgreSQL: {}</source>
        <translation>PostgreSQL : {}</translation>
    </message>
    <message>
        <source>Address of a PostgreSQL database…</source>
        <translation>Adresse d’une base PostgreSQL…</translation>
    </message>
    <message>
        <source>Open a calibration database</source>
        <translation>Ouvrir une base d’étalonnage</translation>
    </message>
    <message>
        <source>Address, without a password (that comes from authcfg=ID of QGIS&apos;s authentication manager, PGPASSWORD or .pgpass):</source>
        <translation>Adresse, sans mot de passe (il vient de authcfg=ID du gestionnaire d’authentification de QGIS, de PGPASSWORD ou de .pgpass) :</translation>
    </message>
    <message>
        <source>Cloud impact</source>
        <translation>Effet des nuages</translation>
    </message>
    <message>
        <source>Open the table “Coefficients” that “Calibrate over deserts” or “Calibrate over Antarctic sites” wrote, or the calibration database that keeps their runs (a GeoPackage, or one in PostgreSQL); or load simulated data of two sensors over three deserts to see a finished case.</source>
        <translation>Ouvrez la table « Coefficients » écrite par « Étalonner sur des déserts » ou « Étalonner sur des sites antarctiques », ou la base d’étalonnage qui garde leurs exécutions (un GeoPackage, ou une base PostgreSQL) ; ou chargez des données simulées de deux capteurs sur trois déserts pour voir un cas achevé.</translation>
    </message>
    <message>
        <source>Open coefficients to see them over time.</source>
        <translation>Ouvrez des coefficients pour les voir dans le temps.</translation>
    </message>
    <message>
        <source>The band whose trend is sought</source>
        <translation>La bande dont on cherche la tendance</translation>
    </message>
    <message>
        <source>Coefficients that count</source>
        <translation>Coefficients retenus</translation>
    </message>
    <message>
        <source>95 % interval of the model</source>
        <translation>Intervalle à 95 % du modèle</translation>
    </message>
    <message>
        <source>95 % of new coefficients</source>
        <translation>95 % des nouveaux coefficients</translation>
    </message>
    <message>
        <source>Change, with the 95 % interval of its date</source>
        <translation>Changement, avec l’intervalle à 95 % de sa date</translation>
    </message>
    <message>
        <source>Fit models of the trend</source>
        <translation>Ajuster les modèles de la tendance</translation>
    </message>
    <message>
        <source>Open coefficients to see their trend.</source>
        <translation>Ouvrez des coefficients pour voir leur tendance.</translation>
    </message>
    <message>
        <source>Trend of A_k, {}</source>
        <translation>Tendance de A_k, {}</translation>
    </message>
    <message>
        <source>Fitting models…</source>
        <translation>Ajustement des modèles…</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>Tous les modèles</translation>
    </message>
    <message>
        <source>Constant</source>
        <translation>Constante</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Droite</translation>
    </message>
    <message>
        <source>Exponential decay</source>
        <translation>Décroissance exponentielle</translation>
    </message>
    <message>
        <source>With changes</source>
        <translation>Avec changements</translation>
    </message>
    <message>
        <source>constant</source>
        <translation>constante</translation>
    </message>
    <message>
        <source>line</source>
        <translation>droite</translation>
    </message>
    <message>
        <source>exponential decay</source>
        <translation>décroissance exponentielle</translation>
    </message>
    <message>
        <source>levels between changes</source>
        <translation>niveaux entre des changements</translation>
    </message>
    <message>
        <source>lines between changes</source>
        <translation>droites entre des changements</translation>
    </message>
    <message>
        <source>Next best, hardly worse: {kind} (criterion larger by {more}).</source>
        <translation>Suivant, à peine moins bon : {kind} (critère plus grand de {more}).</translation>
    </message>
    <message>
        <source>Next best: {kind} (criterion larger by {more}).</source>
        <translation>Suivant : {kind} (critère plus grand de {more}).</translation>
    </message>
    <message>
        <source>Change on {day} ({first} to {last}): {step} ± {half} %</source>
        <translation>Changement le {day} (du {first} au {last}) : {step} ± {half} %</translation>
    </message>
    <message>
        <source>A_k = {level} ± {half}.</source>
        <translation>A_k = {level} ± {half}.</translation>
    </message>
    <message>
        <source>Slope {slope} ± {half} % per year.</source>
        <translation>Pente {slope} ± {half} % par an.</translation>
    </message>
    <message>
        <source>Stop reading; what is shown stays</source>
        <translation>Arrêter la lecture ; ce qui est montré reste</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Fichier…</translation>
    </message>
    <message>
        <source>Canceled.</source>
        <translation>Annulé.</translation>
    </message>
    <message>
        <source>1 to 16 products are read at once; each needs about 220 MB of memory, the usual 2 about 440 MB.</source>
        <translation>1 à 16 produits sont lus à la fois ; chacun demande environ 220 Mo de mémoire, les 2 habituels environ 440 Mo.</translation>
    </message>
    <message>
        <source>{title}: this failed ({error}). QGIS&apos;s log says where.</source>
        <translation>{title} : échec ({error}). Le journal de QGIS indique où.</translation>
    </message>
    <message>
        <source>Each site has a level of its own, which is taken off its points.</source>
        <translation>Chaque site a un niveau propre, qui est retranché de ses points.</translation>
    </message>
    <message>
        <source>Sensors that differ from another at a site</source>
        <translation>Capteurs qui diffèrent d’un autre sur un site</translation>
    </message>
    <message>
        <source>Names of sites, separated by commas; empty: all whose type fits the method.</source>
        <translation>Noms de sites, séparés par des virgules ; vide : tous ceux dont le type convient à la méthode.</translation>
    </message>
    <message>
        <source>Coefficients farther from a line in time, with a level for each site, are rejected, again until none is; around a constant below half a year.</source>
        <translation>Les coefficients plus loin d’une droite dans le temps, avec un niveau par site, sont rejetés, jusqu’à ce qu’il n’en reste aucun ; en dessous de six mois, autour d’une constante.</translation>
    </message>
    <message>
        <source>Version of its processing, several separated by commas; needed where the database holds several of the chosen sites and days.</source>
        <translation>Version de son traitement, plusieurs séparées par des virgules ; nécessaire lorsque la base en contient plusieurs pour les sites et les jours choisis.</translation>
    </message>
    <message>
        <source>{name} takes one value and was given a list ({values}): give it once.</source>
        <translation>{name} prend une seule valeur et a reçu une liste ({values}) : donnez-la une seule fois.</translation>
    </message>
    <message>
        <source>Uncertainty of the ozone (%)</source>
        <translation>Incertitude de l’ozone (%)</translation>
    </message>
    <message>
        <source>Standard uncertainty of the column above the clouds.</source>
        <translation>Incertitude-type de la colonne au-dessus des nuages.</translation>
    </message>
    <message>
        <source>Uncertainty of the cloud top (hPa)</source>
        <translation>Incertitude du sommet des nuages (hPa)</translation>
    </message>
    <message>
        <source>Standard uncertainty of the pressure at the cloud top.</source>
        <translation>Incertitude-type de la pression au sommet des nuages.</translation>
    </message>
    <message>
        <source>Uncertainty of the reference band (%)</source>
        <translation>Incertitude de la bande de référence (%)</translation>
    </message>
    <message>
        <source>Standard uncertainty of its calibration; what it makes of ratios of bands counts.</source>
        <translation>Incertitude-type de son étalonnage ; seul compte ce qu’elle fait des rapports de bandes.</translation>
    </message>
    <message>
        <source>Uncertainty of the cloud&apos;s spectrum (%)</source>
        <translation>Incertitude du spectre du nuage (%)</translation>
    </message>
    <message>
        <source>Standard uncertainty of the reflectance of the cloud in a band by that in the reference band; 0: not in the budget.</source>
        <translation>Incertitude-type de la réflectance du nuage dans une bande, rapportée à celle de la bande de référence ; 0 : absente du bilan.</translation>
    </message>
    <message>
        <source>A row per band and contributor, percent of A_k by the median.</source>
        <translation>Une ligne par bande et contributeur, en pour cent de A_k par la médiane.</translation>
    </message>
    <message>
        <source>Coefficients, distributions, dependence on the reflectance, uncertainty by contributor.</source>
        <translation>Coefficients, distributions, dépendance de la réflectance, incertitude par contributeur.</translation>
    </message>
    <message>
        <source>How the ground is carried from the bands of the reference to those of the other sensor. spline: a cubic through them; monotone: one without extremes; hyperspectrum: the spectrum given below, stretched to pass through them; toa_integration and toa_hyperspectrum: the spline and the spectrum, averaged over the band at the top of the atmosphere instead of at the ground. Several stand side by side; the first one is the main one, and the uncertainty is that of it.</source>
        <translation>Comment le sol passe des bandes de la référence à celles de l’autre capteur. spline : une cubique par les points ; monotone : sans extrêmes ; hyperspectrum : le spectre donné ci-dessous, étiré pour passer par les points ; toa_integration et toa_hyperspectrum : la spline et le spectre, moyennés sur la bande au sommet de l’atmosphère plutôt qu’au sol. Plusieurs méthodes sont mises côte à côte ; la première est la principale, et l’incertitude est la sienne.</translation>
    </message>
    <message>
        <source>A row per band and contributor, percent of A_k, analytic and Monte Carlo, of the main spectral method.</source>
        <translation>Une ligne par bande et contributeur, en pour cent de A_k, analytique et Monte-Carlo, de la méthode spectrale principale.</translation>
    </message>
    <message>
        <source>auto: the simplest one whose information criterion is less than 2 above the smallest; piecewise: levels or slopes between changes, constant where there is none.</source>
        <translation>auto : le plus simple dont le critère d’information dépasse le plus petit de moins de 2 ; piecewise : paliers ou pentes entre ruptures, constant s’il n’y en a pas.</translation>
    </message>
    <message>
        <source>Pressure at the cloud top</source>
        <translation>Pression au sommet des nuages</translation>
    </message>
    <message>
        <source>Spectrum of the cloud</source>
        <translation>Spectre du nuage</translation>
    </message>
    <message>
        <source>Scatter of the clouds</source>
        <translation>Dispersion des nuages</translation>
    </message>
    <message>
        <source>Which models of time are tried; shown is the simplest one whose criterion is less than 2 above the smallest</source>
        <translation>Quels modèles du temps sont essayés ; est montré le plus simple dont le critère dépasse le plus petit de moins de 2</translation>
    </message>
    <message>
        <source>Model: {kind} ({count} coefficients, worth {effective} independent ones).</source>
        <translation>Modèle : {kind} ({count} coefficients, qui en valent {effective} indépendants).</translation>
    </message>
    <message>
        <source>Taken for being simpler than: {kind} (whose criterion is smaller by {more}, which hardly counts).</source>
        <translation>Retenu parce que plus simple que : {kind} (dont le critère est plus petit de {more}, ce qui ne compte guère).</translation>
    </message>
    <message>
        <source>bfastmonitor: the model of the history has a trend, as in BFAST. Only where the monitoring lasts less than a third of the history: an extrapolated trend raises false alarms.</source>
        <translation>bfastmonitor : le modèle de l’historique a une tendance, comme dans BFAST. Seulement si la surveillance dure moins d’un tiers de l’historique : une tendance extrapolée lève de fausses alertes.</translation>
    </message>
    <message>
        <source>{title}: stopped.</source>
        <translation>{title} : arrêté.</translation>
    </message>
    <message>
        <source>Standard uncertainty of the wavelengths of the sensor to calibrate; ten times that of bands without a spectral response, whose nominal wavelength is taken.</source>
        <translation>Incertitude type des longueurs d’onde du capteur à étalonner ; dix fois plus pour les bandes sans réponse spectrale, dont la longueur d’onde nominale est prise.</translation>
    </message>
    <message>
        <source>False alarms expected if every date followed its model</source>
        <translation>Fausses alertes attendues si chaque date suivait son modèle</translation>
    </message>
    <message>
        <source>False alarms expected if every pixel followed its model</source>
        <translation>Fausses alarmes attendues si chaque pixel suivait son modèle</translation>
    </message>
    <message>
        <source>The folder {} is made.</source>
        <translation>Le dossier {} est créé.</translation>
    </message>
    <message>
        <source>{key}: there is no folder {path}. Correct the name, or make the folder first: only the last folder of a path is made.</source>
        <translation>{key} : le dossier {path} n’existe pas. Corrigez le nom, ou créez d’abord le dossier : seul le dernier dossier d’un chemin est créé.</translation>
    </message>
    <message>
        <source>not tested: the values never change</source>
        <translation>non testée : les valeurs ne changent jamais</translation>
    </message>
    <message>
        <source>An image whose mean deviates, or that is displaced, with a p-value below is off as a whole.</source>
        <translation>Une image dont la moyenne s’écarte, ou qui est décalée, avec une valeur p inférieure à ce seuil est en défaut dans son ensemble.</translation>
    </message>
    <message>
        <source>Bands of the reference</source>
        <translation>Bandes de la référence</translation>
    </message>
    <message>
        <source>Bands of the reference sensor that its spectrum passes through, separated by commas; empty: all outside gas absorption. Leave out those that saturate over the site: they falsify the spectrum.</source>
        <translation>Bandes du capteur de référence par lesquelles passe son spectre, séparées par des virgules ; vide : toutes hors absorption gazeuse. Omettre celles qui saturent sur le site : elles faussent le spectre.</translation>
    </message>
    <message>
        <source>Compare elevation models</source>
        <translation>Comparer des modèles numériques d’élévation</translation>
    </message>
    <message>
        <source>Says how good an elevation model is against a reference: mean, median, standard deviation, RMSE, NMAD, LE90 with and without bias, LE95, percentiles, shares above thresholds and completeness, over all and by slope, elevation and land cover. The error of the mean knows that neighboring cells err together (variogram, two spherical models; Rolstad et al. 2009, Hugonnet et al. 2022); waves along rows and columns are sought and told with their significance. Co-register first where the models may be displaced.</source>
        <translation>Dit ce que vaut un modèle numérique d’élévation face à une référence : moyenne, médiane, écart-type, RMSE, NMAD, LE90 avec et sans biais, LE95, percentiles, parts au-dessus de seuils et complétude, en tout et par pente, altitude et occupation du sol. L’erreur de la moyenne tient compte du fait que des cellules voisines se trompent ensemble (variogramme, deux modèles sphériques ; Rolstad et al. 2009, Hugonnet et al. 2022) ; les ondes le long des lignes et des colonnes sont cherchées et signalées avec leur significativité. Recaler d’abord si les modèles peuvent être décalés.</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Classes</translation>
    </message>
    <message>
        <source>A raster of whole numbers (land cover) or polygons; one file.</source>
        <translation>Un raster de nombres entiers (occupation du sol) ou des polygones ; un seul fichier.</translation>
    </message>
    <message>
        <source>Column of the classes</source>
        <translation>Colonne des classes</translation>
    </message>
    <message>
        <source>Of polygons: the column that names the class; empty: all are one class.</source>
        <translation>Des polygones : la colonne qui nomme la classe ; vide : tous forment une classe.</translation>
    </message>
    <message>
        <source>Edges of slope classes (degrees)</source>
        <translation>Bornes des classes de pente (degrés)</translation>
    </message>
    <message>
        <source>Edges of elevation classes (m)</source>
        <translation>Bornes des classes d’altitude (m)</translation>
    </message>
    <message>
        <source>Thresholds (m)</source>
        <translation>Seuils (m)</translation>
    </message>
    <message>
        <source>Sizes of differences of which the share above is given, by commas.</source>
        <translation>Grandeurs des différences dont la part au-dessus est donnée, séparées par des virgules.</translation>
    </message>
    <message>
        <source>Outlier limit (standard deviations)</source>
        <translation>Limite des valeurs aberrantes (écarts-types)</translation>
    </message>
    <message>
        <source>Differences farther from the mean do not count anywhere; 0: all count, which is what robust statistics are for.</source>
        <translation>Les différences plus éloignées de la moyenne ne comptent nulle part ; 0 : toutes comptent, c’est à cela que servent les statistiques robustes.</translation>
    </message>
    <message>
        <source>The same seed gives the same pairs of the variogram.</source>
        <translation>La même graine donne les mêmes paires du variogramme.</translation>
    </message>
    <message>
        <source>Model minus reference in meters, 32 bit floating point, no data -32768.</source>
        <translation>Modèle moins référence en mètres, virgule flottante 32 bits, absence de donnée -32768.</translation>
    </message>
    <message>
        <source>A row for all cells and one for each class.</source>
        <translation>Une ligne pour toutes les cellules et une par classe.</translation>
    </message>
    <message>
        <source>Map, histogram, statistics by class, variogram, waves.</source>
        <translation>Carte, histogramme, statistiques par classe, variogramme, ondes.</translation>
    </message>
    <message>
        <source>Cells compared</source>
        <translation>Cellules comparées</translation>
    </message>
    <message>
        <source>Mean difference (m)</source>
        <translation>Différence moyenne (m)</translation>
    </message>
    <message>
        <source>Standard error of the mean (m)</source>
        <translation>Erreur type de la moyenne (m)</translation>
    </message>
    <message>
        <source>Independent cells that know as much</source>
        <translation>Cellules indépendantes qui en sauraient autant</translation>
    </message>
    <message>
        <source>Median difference (m)</source>
        <translation>Différence médiane (m)</translation>
    </message>
    <message>
        <source>Standard deviation (m)</source>
        <translation>Écart-type (m)</translation>
    </message>
    <message>
        <source>RMSE (m)</source>
        <translation>RMSE (m)</translation>
    </message>
    <message>
        <source>NMAD (m)</source>
        <translation>NMAD (m)</translation>
    </message>
    <message>
        <source>LE90 (m)</source>
        <translation>LE90 (m)</translation>
    </message>
    <message>
        <source>LE90 without the mean (m)</source>
        <translation>LE90 sans la moyenne (m)</translation>
    </message>
    <message>
        <source>LE95 (m)</source>
        <translation>LE95 (m)</translation>
    </message>
    <message>
        <source>Completeness (percent)</source>
        <translation>Complétude (pour cent)</translation>
    </message>
    <message>
        <source>Directions with a wave</source>
        <translation>Directions avec une onde</translation>
    </message>
    <message>
        <source>CLASSES takes one file.</source>
        <translation>CLASSES prend un seul fichier.</translation>
    </message>
    <message>
        <source>Co-register elevation model</source>
        <translation>Recaler un modèle numérique d’élévation</translation>
    </message>
    <message>
        <source>Finds by how many meters to the east, to the north and upward an elevation model has to be moved to lie on a reference, to hundredths of a cell and with standard errors that know of correlated differences; moves it, by default without interpolating any height. The method is that of Nuth and Kääb (2011), 10.5194/tc-5-271-2011, in its linear form with robust weights, coarse to fine: shifts of many cells, holes and changed ground are no obstacle. A run in which the differences do not shrink stops with a sentence.</source>
        <translation>Trouve de combien de mètres vers l’est, vers le nord et vers le haut un modèle numérique d’élévation doit être déplacé pour se superposer à une référence, au centième de cellule et avec des erreurs types qui tiennent compte des différences corrélées ; le déplace, par défaut sans interpoler aucune altitude. La méthode est celle de Nuth et Kääb (2011), 10.5194/tc-5-271-2011, sous sa forme linéaire à poids robustes, du grossier au fin : décalages de nombreuses cellules, trous et terrain modifié ne sont pas un obstacle. Si les différences ne diminuent pas, l’exécution s’arrête avec une phrase.</translation>
    </message>
    <message>
        <source>What may change</source>
        <translation>Ce qui peut changer</translation>
    </message>
    <message>
        <source>nuth_kaab: position and height; nuth_kaab_tilt: a plane besides; vertical_shift: the height alone; vertical_tilt: height and plane.</source>
        <translation>nuth_kaab : position et altitude ; nuth_kaab_tilt : un plan en plus ; vertical_shift : l’altitude seule ; vertical_tilt : altitude et plan.</translation>
    </message>
    <message>
        <source>Onto the grid of the reference</source>
        <translation>Sur la grille de la référence</translation>
    </message>
    <message>
        <source>On: heights are brought onto the cells of the reference by cubic convolution. Off: the cells of the model itself are moved, and no height is interpolated.</source>
        <translation>Activé : les altitudes sont portées sur les cellules de la référence par convolution cubique. Désactivé : les cellules du modèle lui-même sont déplacées, et aucune altitude n’est interpolée.</translation>
    </message>
    <message>
        <source>Moved elevation model</source>
        <translation>Modèle d’élévation recalé</translation>
    </message>
    <message>
        <source>Heights in meters, 32 bit floating point, no data -32768.</source>
        <translation>Altitudes en mètres, virgule flottante 32 bits, absence de donnée -32768.</translation>
    </message>
    <message>
        <source>Shift with errors, maps and histograms of the differences, every step.</source>
        <translation>Décalage avec ses erreurs, cartes et histogrammes des différences, chaque étape.</translation>
    </message>
    <message>
        <source>Shift to the east (m)</source>
        <translation>Décalage vers l’est (m)</translation>
    </message>
    <message>
        <source>Shift to the north (m)</source>
        <translation>Décalage vers le nord (m)</translation>
    </message>
    <message>
        <source>Vertical shift (m)</source>
        <translation>Décalage vertical (m)</translation>
    </message>
    <message>
        <source>Standard error of the shift to the east (m)</source>
        <translation>Erreur type du décalage vers l’est (m)</translation>
    </message>
    <message>
        <source>Standard error of the shift to the north (m)</source>
        <translation>Erreur type du décalage vers le nord (m)</translation>
    </message>
    <message>
        <source>Standard error of the vertical shift (m)</source>
        <translation>Erreur type du décalage vertical (m)</translation>
    </message>
    <message>
        <source>Tilt taken off, to the east (m per km)</source>
        <translation>Inclinaison retirée, vers l’est (m par km)</translation>
    </message>
    <message>
        <source>Tilt taken off, to the north (m per km)</source>
        <translation>Inclinaison retirée, vers le nord (m par km)</translation>
    </message>
    <message>
        <source>NMAD of the differences before (m)</source>
        <translation>NMAD des différences avant (m)</translation>
    </message>
    <message>
        <source>NMAD of the differences after (m)</source>
        <translation>NMAD des différences après (m)</translation>
    </message>
    <message>
        <source>Elevation model</source>
        <translation>Modèle numérique d’élévation</translation>
    </message>
    <message>
        <source>Heights in the first band, in meters, feet or the unit that the band says.</source>
        <translation>Altitudes dans la première bande, en mètres, en pieds ou dans l’unité indiquée par la bande.</translation>
    </message>
    <message>
        <source>Reference elevation model</source>
        <translation>Modèle d’élévation de référence</translation>
    </message>
    <message>
        <source>Exclusion mask</source>
        <translation>Masque d’exclusion</translation>
    </message>
    <message>
        <source>Vector or raster files of what does not count: changed ground, water, ice, clouds. Cells under any feature, and cells of a raster that are neither 0 nor no data, are left out.</source>
        <translation>Fichiers vecteur ou raster de ce qui ne compte pas : terrain modifié, eau, glace, nuages. Les cellules sous une entité quelconque, et celles d’un raster qui ne valent ni 0 ni l’absence de donnée, sont écartées.</translation>
    </message>
    <message>
        <source>Uncertainty of the spectral response (nm)</source>
        <translation>Incertitude de la réponse spectrale (nm)</translation>
    </message>
    <message>
        <source>Small: ± {} standard errors, allowing for noise that remembers.</source>
        <translation>En petit : ± {} erreurs-types, compte tenu d’un bruit qui garde la mémoire du passé.</translation>
    </message>
    <message>
        <source>Build reference elevation model</source>
        <translation>Construire un modèle d’élévation de référence</translation>
    </message>
    <message>
        <source>In the order in which they are believed; heights of the first band.</source>
        <translation>Dans l’ordre de confiance ; altitudes de la première bande.</translation>
    </message>
    <message>
        <source>Grid of the result</source>
        <translation>Grille du résultat</translation>
    </message>
    <message>
        <source>A raster or a product (its finest band); empty: the first model.</source>
        <translation>Un raster ou un produit (sa bande la plus fine) ; vide : le premier modèle.</translation>
    </message>
    <message>
        <source>Vertical reference of the result</source>
        <translation>Référence verticale du résultat</translation>
    </message>
    <message>
        <source>ellipsoid, EGM96, EGM2008 or a grid of PROJ; empty: that of the first model.</source>
        <translation>ellipsoid, EGM96, EGM2008 ou une grille de PROJ ; vide : celle du premier modèle.</translation>
    </message>
    <message>
        <source>Vertical references of the models</source>
        <translation>Références verticales des modèles</translation>
    </message>
    <message>
        <source>One for all or one each, by commas; auto: what the file says.</source>
        <translation>Une pour tous, ou une pour chacun, séparées par des virgules ; auto : ce que dit le fichier.</translation>
    </message>
    <message>
        <source>Lakes</source>
        <translation>Lacs</translation>
    </message>
    <message>
        <source>Vector or raster files of standing water; each body gets one level. Bodies whose heights spread over more than 10 m stay as they are.</source>
        <translation>Fichiers vecteur ou raster d’eaux dormantes ; chaque plan d’eau reçoit un seul niveau. Ceux dont les altitudes s’étalent sur plus de 10 m restent tels quels.</translation>
    </message>
    <message>
        <source>Align the models</source>
        <translation>Aligner les modèles</translation>
    </message>
    <message>
        <source>Moves the second and further models onto the first where they overlap enough (Nuth and Kääb 2011), and says by how much.</source>
        <translation>Déplace le deuxième modèle et les suivants sur le premier là où le recouvrement suffit (Nuth et Kääb 2011), et dit de combien.</translation>
    </message>
    <message>
        <source>Largest void that is interpolated (cells)</source>
        <translation>Plus grande lacune interpolée (cellules)</translation>
    </message>
    <message>
        <source>Extent</source>
        <translation>Emprise</translation>
    </message>
    <message>
        <source>Side of a cell in units of CRS; empty: that of the grid.</source>
        <translation>Côté d’une cellule dans l’unité de CRS ; vide : celui de la grille.</translation>
    </message>
    <message>
        <source>Coordinate system</source>
        <translation>Système de coordonnées</translation>
    </message>
    <message>
        <source>EPSG:code or WKT, with RESOLUTION; empty: that of the grid.</source>
        <translation>EPSG:code ou WKT, avec RESOLUTION ; vide : celui de la grille.</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>Number of the model of each height; 0: none.</source>
        <translation>Numéro du modèle de chaque altitude ; 0 : aucun.</translation>
    </message>
    <message>
        <source>Kind of filling</source>
        <translation>Type de comblement</translation>
    </message>
    <message>
        <source>0 void, 1 kept, 2 interpolated, 3 delta surface, 4 pasted, 5 lake.</source>
        <translation>0 lacune, 1 conservé, 2 interpolé, 3 surface des différences, 4 collé, 5 lac.</translation>
    </message>
    <message>
        <source>Meters against the first model; 0 where it was kept, no data where unknown.</source>
        <translation>Mètres par rapport au premier modèle ; 0 là où il est conservé, sans donnée là où elle est inconnue.</translation>
    </message>
    <message>
        <source>Slope</source>
        <translation>Pente</translation>
    </message>
    <message>
        <source>Degrees, Horn&apos;s method.</source>
        <translation>Degrés, méthode de Horn.</translation>
    </message>
    <message>
        <source>Aspect</source>
        <translation>Exposition</translation>
    </message>
    <message>
        <source>Degrees from north, clockwise; no data where flat.</source>
        <translation>Degrés depuis le nord, sens horaire ; sans donnée là où le terrain est plat.</translation>
    </message>
    <message>
        <source>Hillshade</source>
        <translation>Ombrage</translation>
    </message>
    <message>
        <source>1 to 255, light from the north-west at 45°.</source>
        <translation>1 à 255, lumière du nord-ouest à 45°.</translation>
    </message>
    <message>
        <source>Heights in meters, 32 bit floating point, no data -32768, vertical reference in the metadata.</source>
        <translation>Altitudes en mètres, virgule flottante 32 bits, absence de donnée -32768, référence verticale dans les métadonnées.</translation>
    </message>
    <message>
        <source>Maps, shares of the models, expected errors.</source>
        <translation>Cartes, parts des modèles, erreurs attendues.</translation>
    </message>
    <message>
        <source>Void in the first model (percent)</source>
        <translation>Lacunes du premier modèle (pour cent)</translation>
    </message>
    <message>
        <source>Void in the result (percent)</source>
        <translation>Lacunes du résultat (pour cent)</translation>
    </message>
    <message>
        <source>Cells interpolated</source>
        <translation>Cellules interpolées</translation>
    </message>
    <message>
        <source>Cells filled with the delta surface</source>
        <translation>Cellules comblées par la surface des différences</translation>
    </message>
    <message>
        <source>Cells pasted without a tie</source>
        <translation>Cellules collées sans raccord</translation>
    </message>
    <message>
        <source>Lakes made level</source>
        <translation>Lacs mis à niveau</translation>
    </message>
    <message>
        <source>Expected error of the delta surface (m, RMS)</source>
        <translation>Erreur attendue de la surface des différences (m, RMS)</translation>
    </message>
    <message>
        <source>RESOLUTION has to be given where CRS is.</source>
        <translation>RESOLUTION est à donner là où CRS l’est.</translation>
    </message>
    <message>
        <source>Simulating a stereo pair and matching it…</source>
        <translation>Simulation d’un couple stéréo et de sa mise en correspondance…</translation>
    </message>
    <message>
        <source>Simulate a stereo pair</source>
        <translation>Simuler un couple stéréo</translation>
    </message>
    <message>
        <source>There is no stereo pair: open its two images first.</source>
        <translation>Il n’y a pas de couple stéréo : ouvrez d’abord ses deux images.</translation>
    </message>
    <message>
        <source>Elevation model (simulated example)</source>
        <translation>Modèle d’élévation (exemple simulé)</translation>
    </message>
    <message>
        <source>Truth (simulated example)</source>
        <translation>Vérité (exemple simulé)</translation>
    </message>
    <message>
        <source>Read heights along the line</source>
        <translation>Lire les altitudes le long de la ligne</translation>
    </message>
    <message>
        <source>Compare two elevation models</source>
        <translation>Comparer deux modèles d’élévation</translation>
    </message>
    <message>
        <source>Match a pixel of a stereo pair</source>
        <translation>Apparier un pixel d’un couple stéréo</translation>
    </message>
    <message>
        <source>Find a place in an image</source>
        <translation>Chercher un lieu dans une image</translation>
    </message>
    <message>
        <source>Read the tiles of a run</source>
        <translation>Lire les tuiles d’un calcul</translation>
    </message>
    <message>
        <source>The models whose heights are drawn; six at most</source>
        <translation>Les modèles dont les altitudes sont tracées ; six au plus</translation>
    </message>
    <message>
        <source>Draw line</source>
        <translation>Tracer une ligne</translation>
    </message>
    <message>
        <source>Click along a line on the map; a right click or a double click ends it</source>
        <translation>Cliquez le long d’une ligne sur la carte ; un clic droit ou un double clic la termine</translation>
    </message>
    <message>
        <source>Take the line away</source>
        <translation>Enlever la ligne</translation>
    </message>
    <message>
        <source>From its heights the reference is taken off</source>
        <translation>De ses altitudes on retranche la référence</translation>
    </message>
    <message>
        <source>What the model is compared with; slopes are its own</source>
        <translation>Ce à quoi le modèle est comparé ; les pentes sont les siennes</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>Échanger</translation>
    </message>
    <message>
        <source>Make the model the reference</source>
        <translation>Faire du modèle la référence</translation>
    </message>
    <message>
        <source>First image</source>
        <translation>Première image</translation>
    </message>
    <message>
        <source>The image whose pixel is matched</source>
        <translation>L’image dont le pixel est apparié</translation>
    </message>
    <message>
        <source>Second image</source>
        <translation>Seconde image</translation>
    </message>
    <message>
        <source>The image that is searched</source>
        <translation>L’image où l’on cherche</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>Colonne</translation>
    </message>
    <message>
        <source>Column of the pixel in the first image, from 0</source>
        <translation>Colonne du pixel dans la première image, à partir de 0</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>Ligne</translation>
    </message>
    <message>
        <source>Row of the pixel in the first image, from 0</source>
        <translation>Ligne du pixel dans la première image, à partir de 0</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Pas</translation>
    </message>
    <message>
        <source>How far disparities are apart</source>
        <translation>L’écart entre les disparités</translation>
    </message>
    <message>
        <source>1 pixel</source>
        <translation>1 pixel</translation>
    </message>
    <message>
        <source>half a pixel</source>
        <translation>un demi-pixel</translation>
    </message>
    <message>
        <source>All heights</source>
        <translation>Toutes les altitudes</translation>
    </message>
    <message>
        <source>Search all heights of the pair, not only those that a coarse match found here</source>
        <translation>Chercher à toutes les altitudes du couple, et non seulement à celles qu’un appariement grossier a trouvées ici</translation>
    </message>
    <message>
        <source>Click a place on the map to see how it is matched</source>
        <translation>Cliquez un lieu sur la carte pour voir comment il est apparié</translation>
    </message>
    <message>
        <source>Stereo pair</source>
        <translation>Couple stéréo</translation>
    </message>
    <message>
        <source>Column, row</source>
        <translation>Colonne, ligne</translation>
    </message>
    <message>
        <source>Folders of tiles, that of the latest run first</source>
        <translation>Dossiers de tuiles, celui du dernier calcul d’abord</translation>
    </message>
    <message>
        <source>Map of differences</source>
        <translation>Carte des différences</translation>
    </message>
    <message>
        <source>Northing (m)</source>
        <translation>Y vers le nord (m)</translation>
    </message>
    <message>
        <source>Easting (m)</source>
        <translation>X vers l’est (m)</translation>
    </message>
    <message>
        <source>{low} to {high} m (median {median} m, NMAD {nmad} m)</source>
        <translation>{low} à {high} m (médiane {median} m, NMAD {nmad} m)</translation>
    </message>
    <message>
        <source>Latitude (°)</source>
        <translation>Latitude (°)</translation>
    </message>
    <message>
        <source>Longitude (°)</source>
        <translation>Longitude (°)</translation>
    </message>
    <message>
        <source>Northing ({})</source>
        <translation>Y vers le nord ({})</translation>
    </message>
    <message>
        <source>Easting ({})</source>
        <translation>X vers l’est ({})</translation>
    </message>
    <message>
        <source>Difference {off} m, reference {height} m</source>
        <translation>Différence {off} m, référence {height} m</translation>
    </message>
    <message>
        <source>column {column}, row {row} ({x}, {y})</source>
        <translation>colonne {column}, ligne {row} ({x}, {y})</translation>
    </message>
    <message>
        <source>Cells</source>
        <translation>Cellules</translation>
    </message>
    <message>
        <source>Model minus reference (m)</source>
        <translation>Modèle moins référence (m)</translation>
    </message>
    <message>
        <source>Slope of the reference (degrees); cells above the bars</source>
        <translation>Pente de la référence (degrés) ; nombre de cellules au-dessus</translation>
    </message>
    <message>
        <source>Median {} m</source>
        <translation>Médiane {} m</translation>
    </message>
    <message>
        <source>± NMAD {} m</source>
        <translation>± NMAD {} m</translation>
    </message>
    <message>
        <source>± LE90 {le90} m (n = {count})</source>
        <translation>± LE90 {le90} m (n = {count})</translation>
    </message>
    <message>
        <source>{low} to {high} m: {count} cells</source>
        <translation>{low} à {high} m : {count} cellules</translation>
    </message>
    <message>
        <source>{} cells lie beyond the bars</source>
        <translation>{} cellules sont au-delà des barres</translation>
    </message>
    <message>
        <source>Slope {name}: NMAD {nmad} m, median {median} m, LE90 {le90} m</source>
        <translation>Pente {name} : NMAD {nmad} m, médiane {median} m, LE90 {le90} m</translation>
    </message>
    <message>
        <source>Two elevation models are needed: open them, or add them to the project.</source>
        <translation>Il faut deux modèles d’élévation : ouvrez-les, ou ajoutez-les au projet.</translation>
    </message>
    <message>
        <source>Choose a model and a reference.</source>
        <translation>Choisissez un modèle et une référence.</translation>
    </message>
    <message>
        <source>Model and reference are the same file: choose two.</source>
        <translation>Le modèle et la référence sont le même fichier : choisissez-en deux.</translation>
    </message>
    <message>
        <source>Comparing the two elevation models…</source>
        <translation>Comparaison des deux modèles d’élévation…</translation>
    </message>
    <message>
        <source>{model} minus {reference}</source>
        <translation>{model} moins {reference}</translation>
    </message>
    <message>
        <source>Match of a pixel</source>
        <translation>Appariement d’un pixel</translation>
    </message>
    <message>
        <source>First</source>
        <translation>Première</translation>
    </message>
    <message>
        <source>Second</source>
        <translation>Seconde</translation>
    </message>
    <message>
        <source>Cost (share of bits)</source>
        <translation>Coût (part des bits)</translation>
    </message>
    <message>
        <source>Disparity (px); above: height (m)</source>
        <translation>Disparité (px) ; au-dessus : altitude (m)</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Coût</translation>
    </message>
    <message>
        <source>Sum over 8 paths (SGM)</source>
        <translation>Somme sur 8 chemins (SGM)</translation>
    </message>
    <message>
        <source>Best {disparity} px, {height} m</source>
        <translation>Meilleur {disparity} px, {height} m</translation>
    </message>
    <message>
        <source>Next best {disparity} px, {height} m</source>
        <translation>Suivant {disparity} px, {height} m</translation>
    </message>
    <message>
        <source>Open the two images of a stereo pair (with RPC) to see how they match.</source>
        <translation>Ouvrez les deux images d’un couple stéréo (avec RPC) pour voir comment elles s’apparient.</translation>
    </message>
    <message>
        <source>Choose two images of the same place.</source>
        <translation>Choisissez deux images du même lieu.</translation>
    </message>
    <message>
        <source>Press On map and click a place, or give column and row of the first image.</source>
        <translation>Pressez Carte et cliquez un lieu, ou donnez la colonne et la ligne dans la première image.</translation>
    </message>
    <message>
        <source>Matching around the pixel…</source>
        <translation>Appariement autour du pixel…</translation>
    </message>
    <message>
        <source>Disparity {disparity} px: height {height} m</source>
        <translation>Disparité {disparity} px : altitude {height} m</translation>
    </message>
    <message>
        <source>Cost {cost}, sum {sum} of the bits</source>
        <translation>Coût {cost}, somme {sum} des bits</translation>
    </message>
    <message>
        <source>none stated</source>
        <translation>aucune</translation>
    </message>
    <message>
        <source>The models state different vertical references ({}): heights are shown as they are.</source>
        <translation>Les modèles déclarent des références verticales différentes ({}) : les altitudes sont montrées telles quelles.</translation>
    </message>
    <message>
        <source>Only the first {} models are drawn.</source>
        <translation>Seuls les {} premiers modèles sont tracés.</translation>
    </message>
    <message>
        <source>Open files that are no layers of the project, or the tiles of a run</source>
        <translation>Ouvrir des fichiers qui ne sont pas des couches du projet, ou les tuiles d’un calcul</translation>
    </message>
    <message>
        <source>Elevation models…</source>
        <translation>Modèles d’élévation…</translation>
    </message>
    <message>
        <source>Images of a stereo pair…</source>
        <translation>Images d’un couple stéréo…</translation>
    </message>
    <message>
        <source>Tiles of a run…</source>
        <translation>Tuiles d’un calcul…</translation>
    </message>
    <message>
        <source>Open elevation models</source>
        <translation>Ouvrir des modèles d’élévation</translation>
    </message>
    <message>
        <source>Open the images of a stereo pair</source>
        <translation>Ouvrir les images d’un couple stéréo</translation>
    </message>
    <message>
        <source>Open the tiles of a run</source>
        <translation>Ouvrir les tuiles d’un calcul</translation>
    </message>
    <message>
        <source>Rasters ({})</source>
        <translation>Rasters ({})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Look at elevation models and how they were made</source>
        <translation>Regarder des modèles d’élévation et leur fabrication</translation>
    </message>
    <message>
        <source>Add elevation models to the project, or open files: draw a profile through them, compare two, see how a pixel of a stereo pair is matched, and follow the tiles of a run.</source>
        <translation>Ajoutez des modèles d’élévation au projet, ou ouvrez des fichiers : tracez-y un profil, comparez-en deux, voyez comment un pixel d’un couple stéréo est apparié, et suivez les tuiles d’un calcul.</translation>
    </message>
    <message>
        <source>Open elevation models…</source>
        <translation>Ouvrir des modèles d’élévation…</translation>
    </message>
    <message>
        <source>Open a stereo pair…</source>
        <translation>Ouvrir un couple stéréo…</translation>
    </message>
    <message>
        <source>Open the tiles of a run…</source>
        <translation>Ouvrir les tuiles d’un calcul…</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Carte</translation>
    </message>
    <message>
        <source>Match</source>
        <translation>Appariement</translation>
    </message>
    <message>
        <source>Tiles</source>
        <translation>Tuiles</translation>
    </message>
    <message>
        <source>{models} elevation models, {images} images with RPC</source>
        <translation>{models} modèles d’élévation, {images} images avec RPC</translation>
    </message>
    <message>
        <source>Choose two elevation models, or a pixel of a stereo pair, to copy a command.</source>
        <translation>Choisissez deux modèles d’élévation, ou un pixel d’un couple stéréo, pour copier une commande.</translation>
    </message>
    <message>
        <source>Height (m)</source>
        <translation>Altitude (m)</translation>
    </message>
    <message>
        <source>Distance along the line (m)</source>
        <translation>Distance le long de la ligne (m)</translation>
    </message>
    <message>
        <source>Difference (m)</source>
        <translation>Différence (m)</translation>
    </message>
    <message>
        <source>Profile of {} m</source>
        <translation>Profil de {} m</translation>
    </message>
    <message>
        <source>Profile of {length} m; differences from {base}</source>
        <translation>Profil de {length} m ; différences avec {base}</translation>
    </message>
    <message>
        <source>Open elevation models, or add them to the project, to draw a profile.</source>
        <translation>Ouvrez des modèles d’élévation, ou ajoutez-les au projet, pour tracer un profil.</translation>
    </message>
    <message>
        <source>Check the elevation models whose profile is wanted.</source>
        <translation>Cochez les modèles d’élévation dont vous voulez le profil.</translation>
    </message>
    <message>
        <source>Press Draw line, then click along a line on the map; a right click ends it.</source>
        <translation>Pressez Tracer une ligne, puis cliquez le long d’une ligne sur la carte ; un clic droit la termine.</translation>
    </message>
    <message>
        <source>Reading heights along the line…</source>
        <translation>Lecture des altitudes le long de la ligne…</translation>
    </message>
    <message>
        <source>None of the elevation models has a height along this line.</source>
        <translation>Aucun des modèles d’élévation n’a d’altitude le long de cette ligne.</translation>
    </message>
    <message>
        <source>{distance} m along the line ({lat}°, {lon}°)</source>
        <translation>à {distance} m le long de la ligne ({lat}°, {lon}°)</translation>
    </message>
    <message>
        <source>Matched: height {height} m, confidence {confidence}</source>
        <translation>Apparié : altitude {height} m, confiance {confidence}</translation>
    </message>
    <message>
        <source>Not matched: {}</source>
        <translation>Non apparié : {}</translation>
    </message>
    <message>
        <source>no data in the first image</source>
        <translation>pas de données dans la première image</translation>
    </message>
    <message>
        <source>the second image shows nothing of it</source>
        <translation>la seconde image n’en montre rien</translation>
    </message>
    <message>
        <source>no texture at all</source>
        <translation>aucune texture</translation>
    </message>
    <message>
        <source>the best candidate is at the end of the range</source>
        <translation>le meilleur candidat est au bout de l’intervalle</translation>
    </message>
    <message>
        <source>hidden in the second image</source>
        <translation>caché dans la seconde image</translation>
    </message>
    <message>
        <source>the match back leads elsewhere</source>
        <translation>l’appariement de retour mène ailleurs</translation>
    </message>
    <message>
        <source>an island of few pixels</source>
        <translation>un îlot de quelques pixels</translation>
    </message>
    <message>
        <source>column {column}, row {row}</source>
        <translation>la colonne {column}, ligne {row}</translation>
    </message>
    <message>
        <source>At {where} the disparity {disparity} px has the lowest sum, and the pixel that it meets in the second image leads back to within {back} px.</source>
        <translation>À {where}, la disparité {disparity} px a la plus petite somme, et le pixel qu’elle atteint dans la seconde image ramène à {back} px près.</translation>
    </message>
    <message>
        <source>At {} the first image has no data in the window of the census.</source>
        <translation>À {}, la première image n’a pas de données dans la fenêtre du census.</translation>
    </message>
    <message>
        <source>For {} the second image has no data at any height that is searched: it ends here, or the range of heights is wrong.</source>
        <translation>Pour {}, la seconde image n’a de données à aucune des altitudes cherchées : elle finit ici, ou l’intervalle d’altitudes est faux.</translation>
    </message>
    <message>
        <source>Around {} all pixels of the window have one gray value (saturated, water, shadow): there is nothing to compare.</source>
        <translation>Autour de {}, tous les pixels de la fenêtre ont le même niveau de gris (saturation, eau, ombre) : il n’y a rien à comparer.</translation>
    </message>
    <message>
        <source>At {} the costs fall to the end of the range: the true height may lie beyond. Check All heights, or give a wider range of heights.</source>
        <translation>À {}, les coûts baissent jusqu’au bout de l’intervalle : la vraie altitude peut être au-delà. Cochez Toutes les altitudes, ou donnez un intervalle plus large.</translation>
    </message>
    <message>
        <source>No pixel of the second image has {where} as its best match; the one with the lowest sum leads {back} px elsewhere: this ground is hidden there, as beside walls.</source>
        <translation>Aucun pixel de la seconde image n’a {where} pour meilleur homologue ; celui de la plus petite somme mène {back} px plus loin : ce sol y est caché, comme au pied des murs.</translation>
    </message>
    <message>
        <source>At {where} the lowest sum meets a pixel of the second image whose own best match lies {back} px elsewhere.</source>
        <translation>À {where}, la plus petite somme atteint un pixel de la seconde image dont le meilleur homologue est {back} px plus loin.</translation>
    </message>
    <message>
        <source>At {} a match was found, but its patch of similar disparities is so small that it was removed.</source>
        <translation>À {}, un homologue a été trouvé, mais sa zone de disparités semblables est si petite qu’elle a été enlevée.</translation>
    </message>
    <message>
        <source>The disparity {disparity} px ({height} m) is nearly as good: a repeated pattern, or little texture.</source>
        <translation>La disparité {disparity} px ({height} m) est presque aussi bonne : un motif répété, ou peu de texture.</translation>
    </message>
    <message>
        <source>Little texture: gray values vary by {own} in the window, {usual} is usual around.</source>
        <translation>Peu de texture : les niveaux de gris varient de {own} dans la fenêtre, {usual} est habituel autour.</translation>
    </message>
    <message>
        <source>The coarse match that gives the range found nothing here (the chain leaves such a tile out): all heights are shown.</source>
        <translation>L’appariement grossier qui donne l’intervalle n’a rien trouvé ici (la chaîne omet une telle tuile) : toutes les altitudes sont montrées.</translation>
    </message>
    <message>
        <source>Row (px)</source>
        <translation>Ligne (px)</translation>
    </message>
    <message>
        <source>Column (px)</source>
        <translation>Colonne (px)</translation>
    </message>
    <message>
        <source>Open the folder of tiles of a run (NAME.tiles, beside its output). It is there while the run is at work, and after it was stopped or has failed.</source>
        <translation>Ouvrez le dossier des tuiles d’un calcul (NOM.tiles, à côté de sa sortie). Il existe tant que le calcul travaille, et après son arrêt ou son échec.</translation>
    </message>
    <message>
        <source>There are no tiles of a run in {}.</source>
        <translation>Il n’y a pas de tuiles d’un calcul dans {}.</translation>
    </message>
    <message>
        <source>{tile}: {state}, {width} x {height} px</source>
        <translation>{tile} : {state}, {width} x {height} px</translation>
    </message>
    <message>
        <source>{name}: {share} done, at work</source>
        <translation>{name} : {share} faits, en cours</translation>
    </message>
    <message>
        <source>{name}: {share} done, stopped</source>
        <translation>{name} : {share} faits, arrêté</translation>
    </message>
    <message>
        <source>{name}: all tiles are done</source>
        <translation>{name} : toutes les tuiles sont faites</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Faites</translation>
    </message>
    <message>
        <source>No match</source>
        <translation>Sans homologue</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Manquantes</translation>
    </message>
    <message>
        <source>Surface model from stereo images</source>
        <translation>Modèle de surface à partir d’images stéréo</translation>
    </message>
    <message>
        <source>Makes a digital surface model from two or more satellite images with rational polynomial coefficients (RPC), without any model given beforehand, parameter file or network. Points the images to each other, judges the pair before it is matched, matches it by census and semi-global matching tile by tile, and puts the points on a UTM grid without blending across steps of height. Several images are adjusted together and fused; heights are tied to a reference model where one is given. Methods: de Franchis et al. (2014), 10.5194/isprsannals-II-3-49-2014; Hirschmüller (2008), 10.1109/TPAMI.2007.1166; Nuth and Kääb (2011), 10.5194/tc-5-271-2011.</source>
        <translation>Fait un modèle numérique de surface à partir de deux images satellite ou plus, munies de coefficients polynomiaux rationnels (RPC), sans modèle préalable, sans fichier de paramètres et sans réseau. Recale les images entre elles, juge le couple avant de l’apparier, l’apparie tuile par tuile par census et semi-global matching, et place les points sur une grille UTM sans mélanger les hauteurs de part et d’autre d’un ressaut. Plusieurs images sont ajustées ensemble et fusionnées ; les hauteurs sont rattachées à un modèle de référence s’il est donné. Méthodes : de Franchis et al. (2014), 10.5194/isprsannals-II-3-49-2014 ; Hirschmüller (2008), 10.1109/TPAMI.2007.1166 ; Nuth et Kääb (2011), 10.5194/tc-5-271-2011.</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>Two or more panchromatic images of one place with RPC, in their metadata (GDAL, DIMAP) or in a file beside them (_RPC.TXT, .RPB, .geom). The first one is matched with each other one; of several bands the first is taken.</source>
        <translation>Deux images panchromatiques ou plus d’un même lieu, avec RPC, dans leurs métadonnées (GDAL, DIMAP) ou dans un fichier à côté (_RPC.TXT, .RPB, .geom). La première est appariée avec chacune des autres ; de plusieurs bandes, la première est prise.</translation>
    </message>
    <message>
        <source>Resolution (m)</source>
        <translation>Résolution (m)</translation>
    </message>
    <message>
        <source>Side of a cell in meters; the size of a pixel where it is left out.</source>
        <translation>Côté d’une cellule en mètres ; la taille d’un pixel s’il est omis.</translation>
    </message>
    <message>
        <source>Part of the first image</source>
        <translation>Partie de la première image</translation>
    </message>
    <message>
        <source>x,y,width,height in pixels of the first image, in place of an extent.</source>
        <translation>x,y,largeur,hauteur en pixels de la première image, à la place d’une emprise.</translation>
    </message>
    <message>
        <source>Lowest height (m)</source>
        <translation>Hauteur la plus basse (m)</translation>
    </message>
    <message>
        <source>Above the ellipsoid; found from the images where it is left out.</source>
        <translation>Au-dessus de l’ellipsoïde ; trouvée à partir des images si elle est omise.</translation>
    </message>
    <message>
        <source>Highest height (m)</source>
        <translation>Hauteur la plus haute (m)</translation>
    </message>
    <message>
        <source>A-priori elevation model</source>
        <translation>Modèle d’élévation a priori</translation>
    </message>
    <message>
        <source>Bounds the search in each tile, which pays in mountains. What its heights are counted from does not matter; its own heights do not enter the result.</source>
        <translation>Borne la recherche dans chaque tuile, ce qui est utile en montagne. Peu importe à partir de quoi ses hauteurs sont comptées ; elles n’entrent pas dans le résultat.</translation>
    </message>
    <message>
        <source>Matcher</source>
        <translation>Appariement</translation>
    </message>
    <message>
        <source>Vertical reference</source>
        <translation>Référence verticale</translation>
    </message>
    <message>
        <source>What heights are counted from: ellipsoid (WGS 84), EGM96, EGM2008, or a grid of PROJ by name or path. A grid that is missing is an error.</source>
        <translation>À partir de quoi les hauteurs sont comptées : ellipsoid (WGS 84), EGM96, EGM2008, ou une grille de PROJ par son nom ou son chemin. Une grille manquante est une erreur.</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Remplissage</translation>
    </message>
    <message>
        <source>none: cells without points stay empty; small_voids: voids of up to 64 cells are interpolated, their count is 0.</source>
        <translation>none : les cellules sans points restent vides ; small_voids : les vides d’au plus 64 cellules sont interpolés, leur nombre de points est 0.</translation>
    </message>
    <message>
        <source>Surface model</source>
        <translation>Modèle de surface</translation>
    </message>
    <message>
        <source>Four bands, 32 bit floating point, no data -32768: height (m), standard deviation of the points in the cell (m), their count, confidence (0 to 1).</source>
        <translation>Quatre bandes, virgule flottante sur 32 bits, sans donnée -32768 : hauteur (m), écart type des points de la cellule (m), leur nombre, confiance (0 à 1).</translation>
    </message>
    <message>
        <source>Ortho-image</source>
        <translation>Ortho-image</translation>
    </message>
    <message>
        <source>Point cloud</source>
        <translation>Nuage de points</translation>
    </message>
    <message>
        <source>Pointing, coverage, shaded relief, confidence, disparities of the tiles, seams, time and memory of each step.</source>
        <translation>Recalage, couverture, relief ombré, confiance, disparités des tuiles, raccords, temps et mémoire de chaque étape.</translation>
    </message>
    <message>
        <source>Cells with a height (percent)</source>
        <translation>Cellules ayant une hauteur (pour cent)</translation>
    </message>
    <message>
        <source>Residual of the pointing (pixels)</source>
        <translation>Résidu du recalage (pixels)</translation>
    </message>
    <message>
        <source>Processor seconds per million pixels</source>
        <translation>Secondes de processeur par million de pixels</translation>
    </message>
    <message>
        <source>The extent of parameter {} cannot be brought to the map.</source>
        <translation>L’emprise du paramètre {} ne peut pas être portée sur la carte.</translation>
    </message>
    <message>
        <source>census_sgm: census and semi-global matching; census_sgm_half_pixel: the same in steps of half a pixel, more exact, for more memory and time; opencv_sgbm: that of OpenCV, less exact.</source>
        <translation>census_sgm : census et semi-global matching ; census_sgm_half_pixel : le même par pas d’un demi-pixel, plus exact, mais plus gourmand en mémoire et en temps ; opencv_sgbm : celui d’OpenCV, moins exact.</translation>
    </message>
    <message>
        <source>All points as PLY, LAS or LAZ (with laspy), heights above the ellipsoid.</source>
        <translation>Tous les points en PLY, LAS ou LAZ (avec laspy), hauteurs au-dessus de l’ellipsoïde.</translation>
    </message>
    <message>
        <source>Standard uncertainty of the wavelengths of each band, whether or not the table of its spectral response is there: the SMAC coefficients hold the response.</source>
        <translation>Incertitude-type des longueurs d’onde de chaque bande, que la table de sa réponse spectrale soit présente ou non : les coefficients SMAC contiennent la réponse.</translation>
    </message>
    <message>
        <source>Makes one elevation model without voids out of several, on the grid of a product, a raster or an extent. The first model is believed where it has heights; voids take the relief of the next model with the delta surface (Grohman et al. 2006), so that seams have no step; small ones that no model covers are interpolated. Heights above the ellipsoid, EGM96, EGM2008 or any grid of PROJ are brought together; a missing grid stops the run. Layers say which model a height is from, how it was filled, and how wrong it may be.</source>
        <translation>Fait de plusieurs modèles d’élévation un seul sans lacune, sur la grille d’un produit, d’un raster ou d’une emprise. Le premier modèle fait foi là où il a des altitudes ; les lacunes prennent le relief du modèle suivant par la surface des différences (Grohman et al. 2006), si bien que les raccords sont sans marche ; les petites qu’aucun modèle ne couvre sont interpolées. Les altitudes au-dessus de l’ellipsoïde, d’EGM96, d’EGM2008 ou de toute grille de PROJ sont ramenées à une même référence ; une grille manquante arrête l’exécution. Des couches disent de quel modèle vient une altitude, comment elle a été comblée et de combien elle peut être fausse.</translation>
    </message>
    <message>
        <source>Only where no model has a height. 0: none.</source>
        <translation>Seulement là où aucun modèle n’a d’altitude. 0 : aucun.</translation>
    </message>
    <message>
        <source>What part of the ground; all that the first image shows where it is left out.</source>
        <translation>Quelle partie du terrain ; à défaut, tout ce que montre la première image.</translation>
    </message>
    <message>
        <source>The first image on the cells of the surface model; interpolated in voids of up to 64 cells, empty in larger ones.</source>
        <translation>La première image sur les mailles du modèle de surface ; interpolée dans les lacunes de 64 mailles au plus, vide dans les plus grandes.</translation>
    </message>
    <message>
        <source>Compute primitives</source>
        <translation>Calculer les primitives</translation>
    </message>
    <message>
        <source>Makes the features that a land-cover map is learned from: optical images of one tile (Sentinel-2 of MAJA and Sen2Cor, also mixed, Landsat, other dated rasters), Sentinel-1 images by direction of orbit, rasters without a date such as elevation, spectral indices by name, and features of your own as formulas. Clouds and missing dates are filled by linear interpolation at dates in equal steps (Inglada et al. 2017, 10.3390/rs9010095). The layers of the output are named by feature and date, which is how samples and models find them. Beside them come the days to the nearest clear date and the number of clear dates. A run that was stopped goes on where it was.</source>
        <translation>Fabrique les primitives dont s’apprend une carte d’occupation du sol : images optiques d’une tuile (Sentinel-2 de MAJA et de Sen2Cor, aussi mélangées, Landsat, autres rasters datés), images Sentinel-1 par sens d’orbite, rasters sans date comme l’altitude, indices spectraux par leur nom, et primitives personnelles sous forme de formules. Les nuages et les dates manquantes sont comblés par interpolation linéaire à des dates à pas réguliers (Inglada et al. 2017, 10.3390/rs9010095). Les couches de la sortie portent le nom de la primitive et de la date : c’est ainsi que les échantillons et les modèles les retrouvent. S’y ajoutent le nombre de jours jusqu’à la date claire la plus proche et le nombre de dates claires. Un calcul interrompu reprend là où il en était.</translation>
    </message>
    <message>
        <source>Indices</source>
        <translation>Indices</translation>
    </message>
    <message>
        <source>Names separated by commas: NDVI, NDWI_MCFEETERS (also NDWI), NDWI_GAO (also NDMI), NBR, NDSI, NDRE, EVI, EVI2, SAVI, OSAVI, MSAVI, BSI, GNDVI, NBR2, BRIGHTNESS. Bands are found by wavelength, whatever their numbers. Empty: NDVI, both NDWI and BRIGHTNESS, as far as the bands allow; none: none.</source>
        <translation>Noms séparés par des virgules : NDVI, NDWI_MCFEETERS (ou NDWI), NDWI_GAO (ou NDMI), NBR, NDSI, NDRE, EVI, EVI2, SAVI, OSAVI, MSAVI, BSI, GNDVI, NBR2, BRIGHTNESS. Les bandes sont trouvées par leur longueur d’onde, quels que soient leurs numéros. Vide : NDVI, les deux NDWI et BRIGHTNESS, autant que les bandes le permettent ; none : aucun.</translation>
    </message>
    <message>
        <source>Radar images</source>
        <translation>Images radar</translation>
    </message>
    <message>
        <source>Dated Sentinel-1 rasters or folders of them, whose names say polarization, ASC or DES, and date, as s1a_31TCJ_vv_DES_008_20200108t055554.tif. Ascending and descending orbits become features of their own.</source>
        <translation>Rasters Sentinel-1 datés, ou dossiers qui les contiennent, dont le nom dit la polarisation, ASC ou DES, et la date, comme s1a_31TCJ_vv_DES_008_20200108t055554.tif. Les orbites ascendantes et descendantes donnent des primitives distinctes.</translation>
    </message>
    <message>
        <source>Exogenous rasters</source>
        <translation>Rasters exogènes</translation>
    </message>
    <message>
        <source>Rasters without a date (elevation, slope, soil ...), brought to the grid of the images. Each band is a feature, named by its description or its file.</source>
        <translation>Rasters sans date (altitude, pente, sol ...), ramenés à la grille des images. Chaque bande est une primitive, nommée par sa description ou par son fichier.</translation>
    </message>
    <message>
        <source>Features of your own</source>
        <translation>Primitives personnelles</translation>
    </message>
    <message>
        <source>Lines (or parts separated by semicolons) of the form name = expression, such as SAVI = 1.5 * (B8 - B4) / (B8 + B4 + 0.5): names of bands, indices and other features, numbers, + - * / **, comparisons, min, max, abs, sqrt, exp, log, log10, where. Computed for each date where a dated name is used; B8_20200701 is one date.</source>
        <translation>Lignes (ou parties séparées par des points-virgules) de la forme nom = expression, comme SAVI = 1.5 * (B8 - B4) / (B8 + B4 + 0.5) : noms de bandes, d’indices et d’autres primitives, nombres, + - * / **, comparaisons, min, max, abs, sqrt, exp, log, log10, where. Calculées à chaque date dès qu’un nom daté y figure ; B8_20200701 est une seule date.</translation>
    </message>
    <message>
        <source>From one date of the features to the next, in whole days, 1 or more.</source>
        <translation>D’une date des primitives à la suivante, en jours entiers, 1 ou plus.</translation>
    </message>
    <message>
        <source>First date of the features, as 2020-01-01. Empty: the first of the images.</source>
        <translation>Première date des primitives, comme 2020-01-01. Vide : la première des images.</translation>
    </message>
    <message>
        <source>No date of the features lies after it. Empty: the last of the images.</source>
        <translation>Aucune date des primitives n’est postérieure. Vide : la dernière des images.</translation>
    </message>
    <message>
        <source>Dates of the features, separated by commas, instead of START, END and the step: those of a model that was trained elsewhere, for example.</source>
        <translation>Dates des primitives, séparées par des virgules, au lieu de START, END et du pas : par exemple celles d’un modèle appris ailleurs.</translation>
    </message>
    <message>
        <source>How long the first and the last clear value are held before and after their dates; beyond that there is no data. Gaps between clear dates are filled whatever their length: see the days to the nearest clear date.</source>
        <translation>Pendant combien de temps la première et la dernière valeur claire sont tenues avant et après leur date ; au-delà, il n’y a pas de données. Les lacunes entre dates claires sont comblées quelle que soit leur durée : voir le nombre de jours jusqu’à la date claire la plus proche.</translation>
    </message>
    <message>
        <source>Unit of radar</source>
        <translation>Unité du radar</translation>
    </message>
    <message>
        <source>linear: backscatter as a power, as S1Tiling writes it, kept; linear_to_db: brought to decibels after gap filling; db: the images are in decibels.</source>
        <translation>linear : rétrodiffusion en puissance, telle que l’écrit S1Tiling, gardée ; linear_to_db : convertie en décibels après le comblement ; db : les images sont en décibels.</translation>
    </message>
    <message>
        <source>Ratio of polarizations</source>
        <translation>Rapport des polarisations</translation>
    </message>
    <message>
        <source>Add VH / VV (in decibels: VH - VV) of each direction and date.</source>
        <translation>Ajoute VH / VV (en décibels : VH - VV) de chaque sens d’orbite et de chaque date.</translation>
    </message>
    <message>
        <source>Resampling of exogenous rasters</source>
        <translation>Rééchantillonnage des rasters exogènes</translation>
    </message>
    <message>
        <source>auto: nearest for codes (8 bit, or with a color table or categories), bilinear for measures; nearest or bilinear: for all.</source>
        <translation>auto : plus proche voisin pour les codes (8 bits, ou avec une table de couleurs ou des catégories), bilinéaire pour les mesures ; nearest ou bilinear : pour tous.</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>Primitives</translation>
    </message>
    <message>
        <source>One layer per feature, named as B4_20200715, NDVI_20200715, VV_DES_20200715 or elevation; 32 bit floating point, no data -9999.</source>
        <translation>Une couche par primitive, nommée comme B4_20200715, NDVI_20200715, VV_DES_20200715 ou altitude ; virgule flottante de 32 bits, sans données -9999.</translation>
    </message>
    <message>
        <source>One layer per date, -1 where a pixel is never clear.</source>
        <translation>Une couche par date, -1 où un pixel n’est jamais clair.</translation>
    </message>
    <message>
        <source>Number of clear dates</source>
        <translation>Nombre de dates claires</translation>
    </message>
    <message>
        <source>On how many days each pixel is clear in all bands.</source>
        <translation>En combien de jours chaque pixel est clair dans toutes les bandes.</translation>
    </message>
    <message>
        <source>Layers of the output</source>
        <translation>Couches de la sortie</translation>
    </message>
    <message>
        <source>Dates of the features</source>
        <translation>Dates des primitives</translation>
    </message>
    <message>
        <source>Pixels never clear (percent)</source>
        <translation>Pixels jamais clairs (pour cent)</translation>
    </message>
    <message>
        <source>Give images: products, a stack of dated rasters, or radar images.</source>
        <translation>Donnez des images : des produits, une pile de rasters datés, ou des images radar.</translation>
    </message>
    <message>
        <source>Which pixels count as masked: none; clouds (clouds, their shadows, cirrus); clear_land (also snow, water, terrain shadow, low sun, saturation); strict (also thin clouds, gap-filled AOT and unclassified pixels); land_cover (clouds, thin ones too, their shadows and saturation: water and snow stay).</source>
        <translation>Quels pixels comptent comme masqués : none (aucun) ; clouds (nuages, leurs ombres, cirrus) ; clear_land (aussi neige, eau, ombre du relief, soleil bas, saturation) ; strict (aussi nuages fins, AOT interpolée et pixels non classés) ; land_cover (nuages, même fins, leurs ombres et la saturation : l’eau et la neige restent).</translation>
    </message>
    <message>
        <source>What becomes no data: nothing; clouds, their shadows and cirrus; everything but clear land (also snow, water, terrain shadow, low sun, saturation); strictly (also thin clouds, dark and gap-filled pixels); or what spoils land cover (clouds, thin ones too, their shadows, saturation).</source>
        <translation>Ce qui devient sans données : rien ; les nuages, leurs ombres et les cirrus ; tout sauf le sol clair (aussi neige, eau, ombre du relief, soleil bas, saturation) ; strictement (aussi nuages fins, pixels sombres et interpolés) ; ou ce qui fausse l’occupation du sol (nuages, même fins, leurs ombres, saturation).</translation>
    </message>
    <message>
        <source>Prepare samples</source>
        <translation>Préparer les échantillons</translation>
    </message>
    <message>
        <source>Takes the features of the pixels in reference polygons, and says which of them train a classifier and which test it. Whole polygons are on one side, by class and zone; a class with a single polygon trains and is named, as it cannot be validated. Rare classes can be augmented (copies, noise, SMOTE: Chawla et al. 2002, 10.1613/jair.953), for training only. Folds of spatial blocks (Roberts et al. 2017, 10.1111/ecog.02881) are given for cross-validation. The report tells polygons and samples by class and zone, what was left out and why, and what to beware of; a check only (CHECK_ONLY) tells it before any feature is read.</source>
        <translation>Prend les primitives des pixels dans des polygones de référence, et dit lesquels servent à l’apprentissage d’un classifieur et lesquels à son test. Les polygones sont entiers d’un seul côté, par classe et par zone ; une classe d’un seul polygone sert à l’apprentissage et est signalée, car elle ne peut pas être validée. Les classes rares peuvent être augmentées (copies, bruit, SMOTE : Chawla et al. 2002, 10.1613/jair.953), pour l’apprentissage seulement. Des blocs spatiaux (Roberts et al. 2017, 10.1111/ecog.02881) sont donnés pour la validation croisée. Le rapport donne les polygones et les échantillons par classe et par zone, ce qui a été écarté et pourquoi, et ce dont il faut se méfier ; une simple vérification (CHECK_ONLY) le dit avant de lire aucune primitive.</translation>
    </message>
    <message>
        <source>Feature stack</source>
        <translation>Pile de primitives</translation>
    </message>
    <message>
        <source>Reference polygons</source>
        <translation>Polygones de référence</translation>
    </message>
    <message>
        <source>Polygons with their class, in any coordinate system. Of points, also those of a table with longitude and latitude, the pixel that holds them is taken.</source>
        <translation>Polygones avec leur classe, dans un système de coordonnées quelconque. Pour des points, aussi ceux d’un tableau avec longitude et latitude, le pixel qui les contient est pris.</translation>
    </message>
    <message>
        <source>Class field</source>
        <translation>Champ de la classe</translation>
    </message>
    <message>
        <source>Column of the classes: text or whole numbers.</source>
        <translation>Colonne des classes : texte ou nombres entiers.</translation>
    </message>
    <message>
        <source>Zones</source>
        <translation>Zones</translation>
    </message>
    <message>
        <source>Polygons of zones that get a model of their own, such as climates. A reference polygon belongs to the zone that holds the largest part of it.</source>
        <translation>Polygones des zones qui reçoivent leur propre modèle, par exemple des climats. Un polygone de référence appartient à la zone qui en contient la plus grande part.</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Échantillons</translation>
    </message>
    <message>
        <source>Points at the pixels, with class, polygon, zone, split, fold, origin and a column for each feature. Left out for a check only.</source>
        <translation>Points aux pixels, avec classe, polygone, zone, partage (split), bloc (fold), origine et une colonne par primitive. Omis lors d’une simple vérification.</translation>
    </message>
    <message>
        <source>Samples by class</source>
        <translation>Échantillons par classe</translation>
    </message>
    <message>
        <source>Polygons, pixels and samples of each run, zone and class.</source>
        <translation>Polygones, pixels et échantillons de chaque tirage, zone et classe.</translation>
    </message>
    <message>
        <source>Polygons and samples by class and zone, what was left out, and warnings.</source>
        <translation>Polygones et échantillons par classe et par zone, ce qui a été écarté, et avertissements.</translation>
    </message>
    <message>
        <source>Training samples of the first run</source>
        <translation>Échantillons d’apprentissage du premier tirage</translation>
    </message>
    <message>
        <source>Test samples of the first run</source>
        <translation>Échantillons de test du premier tirage</translation>
    </message>
    <message>
        <source>Polygons left out</source>
        <translation>Polygones écartés</translation>
    </message>
    <message>
        <source>Zone field</source>
        <translation>Champ de la zone</translation>
    </message>
    <message>
        <source>Column of the names of the zones; needed where zones are given.</source>
        <translation>Colonne des noms des zones ; nécessaire quand des zones sont données.</translation>
    </message>
    <message>
        <source>Polygon field</source>
        <translation>Champ du polygone</translation>
    </message>
    <message>
        <source>Column that says which rows are one polygon, such as a field of several parts. Empty: each row is a polygon, counted from 1.</source>
        <translation>Colonne qui dit quelles lignes forment un seul polygone, par exemple une parcelle en plusieurs parties. Vide : chaque ligne est un polygone, compté à partir de 1.</translation>
    </message>
    <message>
        <source>Date field</source>
        <translation>Champ de la date</translation>
    </message>
    <message>
        <source>Value that means no data where the stack does not state it. Empty: none.</source>
        <translation>Valeur qui signifie l’absence de donnée quand la pile ne la déclare pas. Vide : aucune.</translation>
    </message>
    <message>
        <source>Check only</source>
        <translation>Vérifier seulement</translation>
    </message>
    <message>
        <source>Only count polygons and pixels by class, zone and side, and warn; features are not read, and no samples are written.</source>
        <translation>Seulement compter polygones et pixels par classe, zone et côté, et avertir ; les primitives ne sont pas lues et aucun échantillon n’est écrit.</translation>
    </message>
    <message>
        <source>Share that trains</source>
        <translation>Part d’apprentissage</translation>
    </message>
    <message>
        <source>Share of the polygons of each class and zone that train, above 0 to 1; the others test. 1: all train, nothing is left for tests.</source>
        <translation>Part des polygones de chaque classe et zone qui servent à l’apprentissage, de plus de 0 à 1 ; les autres servent au test. 1 : tous à l’apprentissage, rien ne reste pour le test.</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>Stratégie</translation>
    </message>
    <message>
        <source>Which pixels of the training polygons are taken: all; equal: the same number of each class; percent: a share of each class; counts: a number by class (AMOUNT).</source>
        <translation>Quels pixels des polygones d’apprentissage sont pris. all : tous ; equal : le même nombre par classe ; percent : une part de chaque classe ; counts : un nombre par classe (AMOUNT).</translation>
    </message>
    <message>
        <source>How many splits are drawn, each by itself: columns split, split_1, split_2 and so on. Accuracies of several runs tell how much the split matters.</source>
        <translation>Combien de partages sont tirés, chacun pour lui-même : colonnes split, split_1, split_2, etc. Les précisions de plusieurs tirages disent combien le partage compte.</translation>
    </message>
    <message>
        <source>Whole number, 0 or more; the same seed draws the same samples.</source>
        <translation>Nombre entier, 0 ou plus ; la même graine tire les mêmes échantillons.</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Quantité</translation>
    </message>
    <message>
        <source>Of the strategy. equal: samples of each class and zone (empty: as many as the smallest class); percent: more than 0 to 100; counts: as wheat=500,maize=300, classes that are not named keep all.</source>
        <translation>De la stratégie. equal : échantillons de chaque classe et zone (vide : autant que la plus petite classe) ; percent : de plus de 0 à 100 ; counts : comme wheat=500,maize=300, les classes non nommées gardent tout.</translation>
    </message>
    <message>
        <source>Most samples per class</source>
        <translation>Maximum d’échantillons par classe</translation>
    </message>
    <message>
        <source>At most so many training samples and so many test samples of each class and zone, and so many pixels of one polygon; 0: no limit.</source>
        <translation>Au plus tant d’échantillons d’apprentissage et tant d’échantillons de test par classe et zone, et tant de pixels d’un polygone ; 0 : sans limite.</translation>
    </message>
    <message>
        <source>Augmentation</source>
        <translation>Augmentation</translation>
    </message>
    <message>
        <source>More training samples for rare classes. replicate: copies; jitter: copies with noise; smote: points on the line between a sample and a neighbor of its class.</source>
        <translation>Davantage d’échantillons d’apprentissage pour les classes rares. replicate : copies ; jitter : copies bruitées ; smote : points sur le segment entre un échantillon et un voisin de sa classe.</translation>
    </message>
    <message>
        <source>Augment to</source>
        <translation>Augmenter jusqu’à</translation>
    </message>
    <message>
        <source>Training samples that each class gets in each zone: largest (as many as the largest class there), a number, or numbers by class as wheat=500,maize=300.</source>
        <translation>Échantillons d’apprentissage que chaque classe reçoit dans chaque zone : largest (autant que la plus grande classe de la zone), un nombre, ou des nombres par classe comme wheat=500,maize=300.</translation>
    </message>
    <message>
        <source>Jitter factor</source>
        <translation>Facteur de bruit</translation>
    </message>
    <message>
        <source>Noise of jitter: the standard deviation of each feature in the class, divided by this (more than 0): 10 adds noise of a tenth.</source>
        <translation>Bruit de jitter : l’écart type de chaque primitive dans la classe, divisé par ce facteur (plus de 0) : 10 ajoute un bruit d’un dixième.</translation>
    </message>
    <message>
        <source>Neighbors</source>
        <translation>Voisins</translation>
    </message>
    <message>
        <source>Of smote: how many nearest samples of the class a partner is drawn from, from 1.</source>
        <translation>De smote : nombre des plus proches échantillons de la classe parmi lesquels le partenaire est tiré, à partir de 1.</translation>
    </message>
    <message>
        <source>Samples of other zones</source>
        <translation>Échantillons d’autres zones</translation>
    </message>
    <message>
        <source>Training samples copied from one zone to another, as source zone,destination zone,class,count; several between semicolons. The count may be all.</source>
        <translation>Échantillons d’apprentissage copiés d’une zone à l’autre, sous la forme zone source,zone de destination,classe,nombre ; plusieurs entre points-virgules. Le nombre peut être all.</translation>
    </message>
    <message>
        <source>Spatial folds</source>
        <translation>Blocs de validation spatiale</translation>
    </message>
    <message>
        <source>Folds for spatial cross-validation, 2 or more: the column fold, from 1.</source>
        <translation>Blocs de la validation croisée spatiale, 2 ou plus : la colonne fold, à partir de 1.</translation>
    </message>
    <message>
        <source>Block size (m)</source>
        <translation>Taille des carrés (m)</translation>
    </message>
    <message>
        <source>Side of the square blocks that folds are made of, in meters, more than 0: larger than the distance over which places are alike.</source>
        <translation>Côté des carrés dont les blocs sont faits, en mètres, plus de 0 : plus grand que la distance sur laquelle les lieux se ressemblent.</translation>
    </message>
    <message>
        <source>Distance from tests (m)</source>
        <translation>Distance au test (m)</translation>
    </message>
    <message>
        <source>Training polygons that are closer than this to a test polygon are not used, in meters from edge to edge; 0: all are.</source>
        <translation>Les polygones d’apprentissage plus proches que cela d’un polygone de test ne sont pas utilisés, en mètres de bord à bord ; 0 : tous le sont.</translation>
    </message>
    <message>
        <source>Pixels seen on fewer clear dates (VALIDITY) are left out, 0 or more.</source>
        <translation>Les pixels vus à moins de dates claires (VALIDITY) sont écartés, 0 ou plus.</translation>
    </message>
    <message>
        <source>Train a classifier</source>
        <translation>Entraîner un classifieur</translation>
    </message>
    <message>
        <source>Trains a classifier of land cover on a table of samples, for all of them and, where zones are given, for each zone. Says what it is worth by cross-validation, at random and by place side by side: neighbors are alike, and a score between neighbors is too good. Samples marked as test are never trained on. The model file holds the names of features and classes and runs nothing when it is opened. Methods: extremely randomized trees (Geurts 2006, 10.1007/s10994-006-6226-1), random forest (Breiman 2001, 10.1023/A:1010933404324), support vectors, boosted trees, and the mean of the first and the third.</source>
        <translation>Entraîne un classifieur d’occupation du sol sur une table d’échantillons, pour tous et, si des zones sont données, pour chaque zone. Dit ce qu’il vaut par validation croisée, au hasard et par lieu côte à côte : des voisins se ressemblent, et un score entre voisins est trop bon. Les échantillons marqués comme test ne servent jamais à l’entraînement. Le fichier du modèle contient les noms des primitives et des classes et n’exécute rien à son ouverture. Méthodes : arbres extrêmement aléatoires (Geurts 2006, 10.1007/s10994-006-6226-1), forêt aléatoire (Breiman 2001, 10.1023/A:1010933404324), vecteurs de support, arbres boostés, et la moyenne de la première et de la troisième.</translation>
    </message>
    <message>
        <source>A layer or plain table (CSV too), one row per sample: its class and its features, as calval:preparesamples writes it.</source>
        <translation>Une couche ou une simple table (CSV aussi), une ligne par échantillon : sa classe et ses primitives, telle que calval:preparesamples l’écrit.</translation>
    </message>
    <message>
        <source>Class column</source>
        <translation>Colonne de la classe</translation>
    </message>
    <message>
        <source>The class of each sample, a text or a whole number.</source>
        <translation>La classe de chaque échantillon, un texte ou un nombre entier.</translation>
    </message>
    <message>
        <source>Feature columns</source>
        <translation>Colonnes des primitives</translation>
    </message>
    <message>
        <source>Names separated by commas; * stands for any letters, as in NDVI_*. Empty: all columns of numbers but identifiers, coordinates, dates, zones, polygons, splits and classes.</source>
        <translation>Noms séparés par des virgules ; * remplace des lettres quelconques, comme dans NDVI_*. Vide : toutes les colonnes de nombres sauf identifiants, coordonnées, dates, zones, polygones, partages et classes.</translation>
    </message>
    <message>
        <source>extra_trees: accurate and fast; random_forest: as other toolboxes have it; svm: support vectors, slow on images; hist_gradient: boosted trees, slow to train with many classes; ensemble: the mean of extra_trees and svm, mostly the most accurate, as slow as svm.</source>
        <translation>extra_trees : exact et rapide ; random_forest : comme dans d’autres boîtes à outils ; svm : vecteurs de support, lents sur des images ; hist_gradient : arbres boostés, lents à entraîner avec beaucoup de classes ; ensemble : la moyenne d’extra_trees et de svm, le plus souvent la plus exacte, aussi lente que svm.</translation>
    </message>
    <message>
        <source>The model of all samples. Those of zones are written beside it, with the name of the zone at the end of theirs.</source>
        <translation>Le modèle de tous les échantillons. Ceux des zones sont écrits à côté, avec le nom de la zone à la fin du leur.</translation>
    </message>
    <message>
        <source>Accuracy by class, confusions, and features.</source>
        <translation>Exactitude par classe, confusions et primitives.</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>Matrice de confusion</translation>
    </message>
    <message>
        <source>Of the test samples, or of spatial (else random) cross-validation; a CSV file as iota2 and the Orfeo ToolBox write it.</source>
        <translation>Des échantillons de test, ou de la validation croisée spatiale (sinon au hasard) ; un fichier CSV tel qu’iota2 et l’Orfeo ToolBox l’écrivent.</translation>
    </message>
    <message>
        <source>Model files: of the zones, or the one of all samples</source>
        <translation>Fichiers de modèles : ceux des zones, ou celui de tous les échantillons</translation>
    </message>
    <message>
        <source>Overall accuracy, random cross-validation</source>
        <translation>Exactitude globale, validation croisée au hasard</translation>
    </message>
    <message>
        <source>Overall accuracy, spatial cross-validation</source>
        <translation>Exactitude globale, validation croisée spatiale</translation>
    </message>
    <message>
        <source>Kappa, spatial cross-validation (random without it)</source>
        <translation>Kappa, validation croisée spatiale (au hasard sans elle)</translation>
    </message>
    <message>
        <source>Mean F-score, spatial cross-validation (random without)</source>
        <translation>F-score moyen, validation croisée spatiale (au hasard sans elle)</translation>
    </message>
    <message>
        <source>Overall accuracy, test samples</source>
        <translation>Exactitude globale, échantillons de test</translation>
    </message>
    <message>
        <source>Samples trained on</source>
        <translation>Échantillons d’entraînement</translation>
    </message>
    <message>
        <source>Of all that is drawn by chance: the same seed gives the same model.</source>
        <translation>De tout ce qui est tiré au hasard : la même graine donne le même modèle.</translation>
    </message>
    <message>
        <source>Trees</source>
        <translation>Arbres</translation>
    </message>
    <message>
        <source>Of forests, 1 to 5000; boosted trees take a third of it as rounds.</source>
        <translation>Des forêts, 1 à 5000 ; les arbres boostés en prennent un tiers comme nombre d’itérations.</translation>
    </message>
    <message>
        <source>Folds</source>
        <translation>Plis</translation>
    </message>
    <message>
        <source>Parts that cross-validation leaves out in turn, 2 to 20.</source>
        <translation>Parties que la validation croisée laisse de côté tour à tour, 2 à 20.</translation>
    </message>
    <message>
        <source>Zone column</source>
        <translation>Colonne des zones</translation>
    </message>
    <message>
        <source>A model of its own is trained for each zone. Empty: one model.</source>
        <translation>Un modèle propre est entraîné pour chaque zone. Vide : un seul modèle.</translation>
    </message>
    <message>
        <source>Split column</source>
        <translation>Colonne du partage</translation>
    </message>
    <message>
        <source>Says train or test of each sample; test samples are never trained on. Empty: the column split where there is one.</source>
        <translation>Dit train ou test pour chaque échantillon ; les échantillons de test ne servent jamais à l’entraînement. Vide : la colonne split si elle existe.</translation>
    </message>
    <message>
        <source>Features: {}.</source>
        <translation>Primitives : {}.</translation>
    </message>
    <message>
        <source>No zone of the column {} has enough samples for a model of its own. Leave ZONE_FIELD empty, or give more samples.</source>
        <translation>Aucune zone de la colonne {} n’a assez d’échantillons pour un modèle propre. Laissez ZONE_FIELD vide, ou donnez plus d’échantillons.</translation>
    </message>
    <message>
        <source>Assess map</source>
        <translation>Évaluer une carte</translation>
    </message>
    <message>
        <source>Says how good a map of classes is against reference points or polygons: confusion matrix, precision, recall, F-scores, kappa, and, weighted by the areas of the classes in the map, the accuracy of the whole map and the true areas, each with its interval (Olofsson et al. 2014). Pixels of one polygon are not taken for independent. Takes the matrices of several runs, too, whose intervals have as many degrees of freedom as runs less one; and plans the sample of a next assessment.</source>
        <translation>Dit ce que vaut une carte de classes face à des points ou polygones de référence : matrice de confusion, précision, rappel, F-scores, kappa, et, pondérées par les surfaces des classes sur la carte, l’exactitude de la carte entière et les surfaces réelles, chacune avec son intervalle (Olofsson et al. 2014). Les pixels d’un même polygone ne sont pas tenus pour indépendants. Accepte aussi les matrices de plusieurs tirages, dont les intervalles ont autant de degrés de liberté que de tirages moins un ; et prévoit l’échantillon d’une prochaine évaluation.</translation>
    </message>
    <message>
        <source>Codes of classes, 0 is no class; labels are read where the file has them.</source>
        <translation>Codes des classes, 0 n’est pas une classe ; les libellés sont lus là où le fichier en a.</translation>
    </message>
    <message>
        <source>Points or polygons of known class, not used to make the map.</source>
        <translation>Points ou polygones de classe connue, qui n’ont pas servi à faire la carte.</translation>
    </message>
    <message>
        <source>Column of the class</source>
        <translation>Colonne de la classe</translation>
    </message>
    <message>
        <source>Labels or codes of the reference.</source>
        <translation>Libellés ou codes de la référence.</translation>
    </message>
    <message>
        <source>How the samples were drawn</source>
        <translation>Comment les échantillons ont été tirés</translation>
    </message>
    <message>
        <source>stratified: by chance in each class of the map; simple_random: by chance all over it; post_stratified: the same, weighted by the classes of the map afterward; none: not by chance, or not known.</source>
        <translation>stratified : au hasard dans chaque classe de la carte ; simple_random : au hasard sur toute la carte ; post_stratified : de même, pondérés ensuite par les classes de la carte ; none : pas au hasard, ou inconnu.</translation>
    </message>
    <message>
        <source>Confusion matrices of runs</source>
        <translation>Matrices de confusion des tirages</translation>
    </message>
    <message>
        <source>CSV files of several seeds, in place of a reference.</source>
        <translation>Fichiers CSV de plusieurs graines, à la place d’une référence.</translation>
    </message>
    <message>
        <source>Column of the map&apos;s class</source>
        <translation>Colonne de la classe de la carte</translation>
    </message>
    <message>
        <source>Where the reference has it already; empty: read from the map.</source>
        <translation>Si la référence l’a déjà ; vide : lue sur la carte.</translation>
    </message>
    <message>
        <source>Column of the split</source>
        <translation>Colonne du partage</translation>
    </message>
    <message>
        <source>Column of the polygon</source>
        <translation>Colonne du polygone</translation>
    </message>
    <message>
        <source>Which polygon a point comes from: points of one are not independent.</source>
        <translation>De quel polygone vient un point : les points d’un même polygone ne sont pas indépendants.</translation>
    </message>
    <message>
        <source>Areas of the classes</source>
        <translation>Surfaces des classes</translation>
    </message>
    <message>
        <source>A table, in place of what is counted in the map.</source>
        <translation>Une table, à la place de ce qui est compté sur la carte.</translation>
    </message>
    <message>
        <source>Column of the class in it</source>
        <translation>Sa colonne de la classe</translation>
    </message>
    <message>
        <source>Labels or codes of the classes.</source>
        <translation>Libellés ou codes des classes.</translation>
    </message>
    <message>
        <source>Column of the area in it</source>
        <translation>Sa colonne de la surface</translation>
    </message>
    <message>
        <source>Numbers in hectares, 0 or more.</source>
        <translation>Nombres en hectares, 0 ou plus.</translation>
    </message>
    <message>
        <source>Standard error to be reached</source>
        <translation>Erreur type à atteindre</translation>
    </message>
    <message>
        <source>Of the overall accuracy (0 to 1), for the plan of a sample.</source>
        <translation>De l’exactitude globale (0 à 1), pour prévoir un échantillon.</translation>
    </message>
    <message>
        <source>Expected user&apos;s accuracies</source>
        <translation>Précisions de l’utilisateur attendues</translation>
    </message>
    <message>
        <source>For the plan: one number (0 to 1) for all classes, one for each in the order of codes, or forest=0.9,crop=0.7. Empty: those that were found.</source>
        <translation>Pour prévoir : un nombre (0 à 1) pour toutes les classes, un pour chacune dans l’ordre des codes, ou forest=0.9,crop=0.7. Vide : celles qui ont été trouvées.</translation>
    </message>
    <message>
        <source>Least number in a class</source>
        <translation>Nombre minimal par classe</translation>
    </message>
    <message>
        <source>For the mixed way to spread a sample: 50 to 100 are advised.</source>
        <translation>Pour la répartition mixte de l’échantillon : 50 à 100 sont conseillés.</translation>
    </message>
    <message>
        <source>Accuracies</source>
        <translation>Exactitudes</translation>
    </message>
    <message>
        <source>A row for each class.</source>
        <translation>Une ligne par classe.</translation>
    </message>
    <message>
        <source>Rows are the reference, columns the map.</source>
        <translation>Les lignes sont la référence, les colonnes la carte.</translation>
    </message>
    <message>
        <source>Sample design</source>
        <translation>Plan d’échantillonnage</translation>
    </message>
    <message>
        <source>How many samples each class needs, spread in three ways.</source>
        <translation>Combien d’échantillons chaque classe demande, répartis de trois façons.</translation>
    </message>
    <message>
        <source>Accuracies side by side, confusion, areas, limits.</source>
        <translation>Exactitudes côte à côte, confusion, surfaces, limites.</translation>
    </message>
    <message>
        <source>Overall accuracy of the samples</source>
        <translation>Exactitude globale des échantillons</translation>
    </message>
    <message>
        <source>Kappa</source>
        <translation>Kappa</translation>
    </message>
    <message>
        <source>Mean F-score</source>
        <translation>F-score moyen</translation>
    </message>
    <message>
        <source>Half width of its interval over runs</source>
        <translation>Demi-largeur de son intervalle sur les tirages</translation>
    </message>
    <message>
        <source>The same of kappa</source>
        <translation>De même pour le kappa</translation>
    </message>
    <message>
        <source>Overall accuracy by area</source>
        <translation>Exactitude globale par surface</translation>
    </message>
    <message>
        <source>Half width of its interval</source>
        <translation>Demi-largeur de son intervalle</translation>
    </message>
    <message>
        <source>Samples of the plan</source>
        <translation>Échantillons prévus</translation>
    </message>
    <message>
        <source>Give a reference or matrices of runs (CONFUSIONS), not both.</source>
        <translation>Donnez une référence ou les matrices de tirages (CONFUSIONS), pas les deux.</translation>
    </message>
    <message>
        <source>Name the column of the class (CLASS_FIELD).</source>
        <translation>Nommez la colonne de la classe (CLASS_FIELD).</translation>
    </message>
    <message>
        <source>Classify time series</source>
        <translation>Classer des séries temporelles</translation>
    </message>
    <message>
        <source>Makes a map of land cover out of a stack of features, as calval:computeprimitives makes it, by one or several models of &apos;Train a classifier&apos;: the class of each pixel, the share of the votes for it, and the probabilities of all classes. The bands of the stack are matched to the features of the models by name, in whatever order. With a layer of zones each zone is classified by its own models; several models of one zone vote, and zones may be blended smoothly at their borders. Forests give the labels of scikit-learn, several times faster, and do without it. Works tile by tile; a run that was stopped goes on where it was.</source>
        <translation>Produit une carte d’occupation du sol à partir d’une pile de primitives, telle que la produit calval:computeprimitives, avec un ou plusieurs modèles de « Entraîner un classifieur » (calval:trainclassifier) : la classe de chaque pixel, la part des votes en sa faveur et les probabilités de toutes les classes. Les bandes de la pile sont associées aux primitives des modèles par leur nom, quel que soit leur ordre. Avec une couche de zones, chaque zone est classée par ses propres modèles ; plusieurs modèles d’une même zone votent, et les zones peuvent être fondues progressivement à leurs limites. Les forêts donnent les étiquettes de scikit-learn, plusieurs fois plus vite, et s’en passent. Le travail se fait tuile par tuile ; un traitement interrompu reprend où il en était.</translation>
    </message>
    <message>
        <source>Stack of features</source>
        <translation>Pile de primitives</translation>
    </message>
    <message>
        <source>A raster whose band descriptions are the names of the features.</source>
        <translation>Un raster dont les descriptions des bandes sont les noms des primitives.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>Files of &apos;Train a classifier&apos; (.npz), or folders of them, one or several.</source>
        <translation>Un ou plusieurs fichiers de « Entraîner un classifieur » (.npz), ou dossiers qui en contiennent.</translation>
    </message>
    <message>
        <source>Polygons, each with the name of its zone: models are used in their own zone.</source>
        <translation>Polygones portant chacun le nom de sa zone : les modèles servent dans leur propre zone.</translation>
    </message>
    <message>
        <source>The column of the names of the zones.</source>
        <translation>La colonne des noms des zones.</translation>
    </message>
    <message>
        <source>Width of blended borders (m)</source>
        <translation>Largeur des limites fondues (m)</translation>
    </message>
    <message>
        <source>Probabilities of neighboring zones go over into each other within this width around their border, half of it on each side; 0: a sharp border. Needs scipy.</source>
        <translation>Les probabilités de zones voisines passent de l’une à l’autre sur cette largeur autour de leur limite, la moitié de chaque côté ; 0 : limite nette. Nécessite scipy.</translation>
    </message>
    <message>
        <source>Pixels where it is 0 or has no data get no class; in the CRS of the stack.</source>
        <translation>Les pixels où il vaut 0 ou n’a pas de données ne reçoivent pas de classe ; dans le SCR de la pile.</translation>
    </message>
    <message>
        <source>Map of classes</source>
        <translation>Carte des classes</translation>
    </message>
    <message>
        <source>Codes of the classes with their names and colors; 0: no class.</source>
        <translation>Codes des classes, avec leurs noms et leurs couleurs ; 0 : pas de classe.</translation>
    </message>
    <message>
        <source>Share of the votes for the class, 0 to 100 percent; 255: no class.</source>
        <translation>Part des votes pour la classe, de 0 à 100 pour cent ; 255 : pas de classe.</translation>
    </message>
    <message>
        <source>Probabilities</source>
        <translation>Probabilités</translation>
    </message>
    <message>
        <source>A layer per class, 0 to 1, named by it; no data -9999.</source>
        <translation>Une couche par classe, de 0 à 1, qui porte son nom ; sans donnée : -9999.</translation>
    </message>
    <message>
        <source>Pixels with a class (percent)</source>
        <translation>Pixels ayant une classe (pour cent)</translation>
    </message>
    <message>
        <source>Mean confidence (percent)</source>
        <translation>Confiance moyenne (pour cent)</translation>
    </message>
    <message>
        <source>Pixels of each class (JSON)</source>
        <translation>Pixels de chaque classe (JSON)</translation>
    </message>
    <message>
        <source>Fuse classifications</source>
        <translation>Fusionner des classifications</translation>
    </message>
    <message>
        <source>Makes one map out of several of the same classes and place, of several seeds or of optical and radar images: by the majority of votes, by Dempster-Shafer with masses of belief from the confusion matrix of each map (Xu et al. 1992), or weighted by the confidence of each pixel. Where maps tie, the pixel is undecided.</source>
        <translation>Fait une carte de plusieurs cartes des mêmes classes et du même lieu, de plusieurs graines ou d’images optiques et radar : par la majorité des votes, par Dempster-Shafer avec des masses de croyance tirées de la matrice de confusion de chaque carte (Xu et al. 1992), ou pondérée par la confiance de chaque pixel. Là où les cartes sont à égalité, le pixel est indécis.</translation>
    </message>
    <message>
        <source>Maps</source>
        <translation>Cartes</translation>
    </message>
    <message>
        <source>Two or more rasters of classes on one grid; 0 and no data are no class.</source>
        <translation>Deux rasters de classes ou plus sur une même grille ; 0 et l’absence de données ne sont pas des classes.</translation>
    </message>
    <message>
        <source>majority: the class with most votes; dempster_shafer: needs CONFUSIONS; confidence_weighted: votes count as their confidence, needs CONFIDENCES.</source>
        <translation>majority : la classe qui a le plus de votes ; dempster_shafer : demande CONFUSIONS ; confidence_weighted : les votes comptent selon leur confiance, demande CONFIDENCES.</translation>
    </message>
    <message>
        <source>Confusion matrices</source>
        <translation>Matrices de confusion</translation>
    </message>
    <message>
        <source>One CSV file for each map, in the same order.</source>
        <translation>Un fichier CSV par carte, dans le même ordre.</translation>
    </message>
    <message>
        <source>Mass of belief</source>
        <translation>Masse de croyance</translation>
    </message>
    <message>
        <source>What is believed of a map that says a class: its precision or recall, or the overall accuracy or kappa of the map for all classes.</source>
        <translation>Ce que l’on croit d’une carte qui dit une classe : sa précision ou son rappel, ou l’exactitude globale ou le kappa de la carte pour toutes les classes.</translation>
    </message>
    <message>
        <source>Confidences</source>
        <translation>Confiances</translation>
    </message>
    <message>
        <source>One raster (percent) for each map, in the same order.</source>
        <translation>Un raster (pour cent) par carte, dans le même ordre.</translation>
    </message>
    <message>
        <source>Code of undecided pixels</source>
        <translation>Code des pixels indécis</translation>
    </message>
    <message>
        <source>No class may have it; 0: they have no class.</source>
        <translation>Aucune classe ne peut l’avoir ; 0 : ils n’ont pas de classe.</translation>
    </message>
    <message>
        <source>Pixels without a class vote</source>
        <translation>Les pixels sans classe votent</translation>
    </message>
    <message>
        <source>In the majority, a map without a class votes for none, as in the Orfeo ToolBox; off: only the other maps vote.</source>
        <translation>Dans la majorité, une carte sans classe vote pour aucune, comme dans l’Orfeo ToolBox ; sinon seules les autres cartes votent.</translation>
    </message>
    <message>
        <source>Fused map</source>
        <translation>Carte fusionnée</translation>
    </message>
    <message>
        <source>Codes of classes, with names and colors.</source>
        <translation>Codes des classes, avec noms et couleurs.</translation>
    </message>
    <message>
        <source>Which map was taken</source>
        <translation>Quelle carte a été prise</translation>
    </message>
    <message>
        <source>Of two maps: 0 none, 1 both, 2 the first, 3 the second.</source>
        <translation>De deux cartes : 0 aucune, 1 les deux, 2 la première, 3 la seconde.</translation>
    </message>
    <message>
        <source>Percent: the largest confidence of maps that say the class; without CONFIDENCES the share of votes or the belief. 255: none.</source>
        <translation>Pour cent : la plus grande confiance des cartes qui disent la classe ; sans CONFIDENCES, la part des votes ou la croyance. 255 : aucune.</translation>
    </message>
    <message>
        <source>Undecided pixels (percent)</source>
        <translation>Pixels indécis (pour cent)</translation>
    </message>
    <message>
        <source>Regularize map</source>
        <translation>Régulariser une carte</translation>
    </message>
    <message>
        <source>Takes single pixels out of a map of classes: each pixel gets the class that is most frequent around it, and areas below a smallest size go to their largest neighbor. Makes polygons of the areas whose borders are simplified and smoothed without gaps and overlaps, and says how much of each administrative polygon each class takes.</source>
        <translation>Ôte les pixels isolés d’une carte de classes : chaque pixel reçoit la classe la plus fréquente autour de lui, et les surfaces plus petites qu’un minimum passent à leur plus grand voisin. Fait des polygones dont les limites sont simplifiées et lissées sans trous ni recouvrements, et dit quelle part de chaque polygone administratif prend chaque classe.</translation>
    </message>
    <message>
        <source>Codes of classes; 0 and no data are no class.</source>
        <translation>Codes des classes ; 0 et l’absence de données ne sont pas des classes.</translation>
    </message>
    <message>
        <source>Radius of the majority filter (pixels)</source>
        <translation>Rayon du filtre majoritaire (pixels)</translation>
    </message>
    <message>
        <source>Ties keep the pixel. 0: no filter.</source>
        <translation>Une égalité garde le pixel. 0 : pas de filtre.</translation>
    </message>
    <message>
        <source>Shape of the neighborhood</source>
        <translation>Forme du voisinage</translation>
    </message>
    <message>
        <source>circle: centers within the radius plus half a pixel; square: all pixels.</source>
        <translation>circle : centres à moins du rayon plus un demi-pixel ; square : tous les pixels.</translation>
    </message>
    <message>
        <source>Smallest area (pixels)</source>
        <translation>Plus petite surface (pixels)</translation>
    </message>
    <message>
        <source>Smaller areas go to the largest area beside them. 0: none do.</source>
        <translation>Les surfaces plus petites passent à la plus grande surface voisine. 0 : aucune.</translation>
    </message>
    <message>
        <source>Smallest area (hectares)</source>
        <translation>Plus petite surface (hectares)</translation>
    </message>
    <message>
        <source>The same in hectares; the larger of both counts. 0: not used.</source>
        <translation>De même en hectares ; la plus grande des deux compte. 0 : non utilisée.</translation>
    </message>
    <message>
        <source>Neighbors of a pixel</source>
        <translation>Voisins d’un pixel</translation>
    </message>
    <message>
        <source>4: pixels that share a side are one area; 8: also those that share a corner.</source>
        <translation>4 : les pixels qui partagent un côté sont une surface ; 8 : aussi ceux qui partagent un coin.</translation>
    </message>
    <message>
        <source>Simplification (pixels)</source>
        <translation>Simplification (pixels)</translation>
    </message>
    <message>
        <source>How far borders of polygons may move from those of pixels. 0: not at all.</source>
        <translation>De combien les limites des polygones peuvent s’écarter de celles des pixels. 0 : pas du tout.</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Lissage</translation>
    </message>
    <message>
        <source>How often corners of polygons are cut (Chaikin). 0: never.</source>
        <translation>Combien de fois les coins des polygones sont coupés (Chaikin). 0 : jamais.</translation>
    </message>
    <message>
        <source>Polygons, such as administrative units.</source>
        <translation>Polygones, comme des unités administratives.</translation>
    </message>
    <message>
        <source>Column of the zone&apos;s name</source>
        <translation>Colonne du nom de la zone</translation>
    </message>
    <message>
        <source>Empty: zones are numbered.</source>
        <translation>Vide : les zones sont numérotées.</translation>
    </message>
    <message>
        <source>Its mean is given by zone and class.</source>
        <translation>Sa moyenne est donnée par zone et par classe.</translation>
    </message>
    <message>
        <source>Regularized map</source>
        <translation>Carte régularisée</translation>
    </message>
    <message>
        <source>Areas as polygons</source>
        <translation>Surfaces en polygones</translation>
    </message>
    <message>
        <source>Class, code and hectares; the map is held in memory.</source>
        <translation>Classe, code et hectares ; la carte est tenue en mémoire.</translation>
    </message>
    <message>
        <source>Statistics by zone</source>
        <translation>Statistiques par zone</translation>
    </message>
    <message>
        <source>A row for each zone and class: pixels, hectares, share.</source>
        <translation>Une ligne par zone et par classe : pixels, hectares, part.</translation>
    </message>
    <message>
        <source>Pixels changed by the majority (percent)</source>
        <translation>Pixels changés par la majorité (pour cent)</translation>
    </message>
    <message>
        <source>Pixels changed by the smallest area (percent)</source>
        <translation>Pixels changés par la plus petite surface (pour cent)</translation>
    </message>
    <message>
        <source>Polygons</source>
        <translation>Polygones</translation>
    </message>
    <message>
        <source>Statistics by zone need polygons: give ZONES.</source>
        <translation>Les statistiques par zone demandent des polygones : donnez ZONES.</translation>
    </message>
    <message>
        <source>Of any cell size and coordinate system; the finer of the two is averaged over the cells of the coarser one. Heights are converted where both files state what they are counted from, else taken as alike.</source>
        <translation>De taille de cellule et de système de coordonnées quelconques ; le plus fin des deux est moyenné sur les cellules du plus grossier. Les altitudes sont converties là où les deux fichiers indiquent à partir de quoi elles sont comptées, sinon prises comme comparables.</translation>
    </message>
    <message>
        <source>The result is moved onto it, in position and height. Heights are converted where it or REFERENCE_VERTICAL states what they are counted from, else taken as those of the result are. Without it absolute heights are not controlled: images alone can be off by several meters.</source>
        <translation>Le résultat est calé sur lui, en position et en altitude. Les altitudes sont converties là où il indique, ou REFERENCE_VERTICAL, à partir de quoi elles sont comptées, sinon prises comme celles du résultat. Sans lui, l’altitude absolue n’est pas contrôlée : les images seules peuvent se tromper de plusieurs mètres.</translation>
    </message>
    <message>
        <source>Vertical reference of the reference model</source>
        <translation>Référence verticale du modèle de référence</translation>
    </message>
    <message>
        <source>What heights of REFERENCE_DEM are counted from, as for VERTICAL_REFERENCE; empty: what the file says.</source>
        <translation>À partir de quoi sont comptées les altitudes de REFERENCE_DEM, comme pour VERTICAL_REFERENCE ; vide : ce que dit le fichier.</translation>
    </message>
    <message>
        <source>Land-cover chain</source>
        <translation>Chaîne d’occupation des sols</translation>
    </message>
    <message>
        <source>Makes a land-cover map out of a year of image time series and reference polygons, and says how good it is: primitives, samples, training, classification, fusion, regularization and assessment, as the algorithms of these names do one by one (Inglada et al. 2017, 10.3390/rs9010095). One configuration says what differs from the defaults; tiles are found in the products, several runs (seeds) give intervals. The plan is told before anything is done. A step is made again only where what it is made of has changed; one that fails or is canceled leaves all others as they are.</source>
        <translation>Établit une carte d’occupation des sols à partir d’une année de séries d’images et de polygones de référence, et dit ce qu’elle vaut : primitives, échantillons, apprentissage, classification, fusion, régularisation et évaluation, comme les algorithmes de ces noms le font un à un (Inglada et al. 2017, 10.3390/rs9010095). Une seule configuration dit ce qui diffère des valeurs par défaut ; les tuiles sont trouvées dans les produits, plusieurs tirages (graines) donnent des intervalles. Le plan est annoncé avant toute action. Une étape n’est refaite que si ce dont elle est faite a changé ; celle qui échoue ou est annulée laisse toutes les autres en l’état.</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>Configuration</translation>
    </message>
    <message>
        <source>A JSON file, or JSON itself, with products, reference and class_field at least; see the help for all keys. Paths in a file are relative to its folder.</source>
        <translation>Un fichier JSON, ou du JSON lui-même, avec au moins products, reference et class_field ; l’aide donne toutes les clés. Les chemins d’un fichier sont relatifs à son dossier.</translation>
    </message>
    <message>
        <source>Folder of the results</source>
        <translation>Dossier des résultats</translation>
    </message>
    <message>
        <source>Gets maps, models, samples, reports and the manifest chain.json; give the same folder again to go on, or after a change.</source>
        <translation>Reçoit cartes, modèles, échantillons, rapports et le manifeste chain.json ; redonner le même dossier pour continuer, ou après un changement.</translation>
    </message>
    <message>
        <source>First step</source>
        <translation>Première étape</translation>
    </message>
    <message>
        <source>Steps before it are not run: their results are taken as they are.</source>
        <translation>Les étapes qui la précèdent ne sont pas exécutées : leurs résultats sont pris tels quels.</translation>
    </message>
    <message>
        <source>Last step</source>
        <translation>Dernière étape</translation>
    </message>
    <message>
        <source>Steps after it are not run.</source>
        <translation>Les étapes qui la suivent ne sont pas exécutées.</translation>
    </message>
    <message>
        <source>Plan only</source>
        <translation>Plan seulement</translation>
    </message>
    <message>
        <source>Only tell what would be done, how long it may take and what memory it needs.</source>
        <translation>Dire seulement ce qui serait fait, en combien de temps et avec combien de mémoire.</translation>
    </message>
    <message>
        <source>Report on the accuracy</source>
        <translation>Rapport de précision</translation>
    </message>
    <message>
        <source>Manifest (JSON)</source>
        <translation>Manifeste (JSON)</translation>
    </message>
    <message>
        <source>Overall accuracy</source>
        <translation>Précision globale</translation>
    </message>
    <message>
        <source>Steps that were run</source>
        <translation>Étapes exécutées</translation>
    </message>
    <message>
        <source>Steps that were up to date</source>
        <translation>Étapes à jour</translation>
    </message>
    <message>
        <source>The first step comes after the last one: exchange them.</source>
        <translation>La première étape vient après la dernière : les échanger.</translation>
    </message>
    <message>
        <source>Bands of the third sensor</source>
        <translation>Bandes du troisième capteur</translation>
    </message>
    <message>
        <source>Those that its spectrum of the ground passes through, separated by commas; empty: all outside gas absorption.</source>
        <translation>Celles par lesquelles passe son spectre du sol, séparées par des virgules ; vide : toutes hors absorption gazeuse.</translation>
    </message>
    <message>
        <source>Dates of features</source>
        <translation>Dates des variables</translation>
    </message>
    <message>
        <source>name: features have the dates of the model; order: the first date of each band stands for the model&apos;s first one and so on, as for another year, or for models of tables that number their dates (NDVI_00, NDVI_01).</source>
        <translation>name : les variables ont les dates du modèle ; order : la première date de chaque bande tient lieu de la première du modèle, et ainsi de suite, comme pour une autre année ou pour des modèles de tables qui numérotent leurs dates (NDVI_00, NDVI_01).</translation>
    </message>
    <message>
        <source>Dates of the bands</source>
        <translation>Dates des bandes</translation>
    </message>
    <message>
        <source>Stack: where the bands of each file are dates and do not say so, the date of each band, separated by commas, or a text file with a date in each line. Bands are then called by the names of the files.</source>
        <translation>Pile : quand les bandes de chaque fichier sont des dates sans le dire, la date de chaque bande, séparées par des virgules, ou un fichier texte avec une date par ligne. Les bandes prennent alors le nom des fichiers.</translation>
    </message>
    <message>
        <source>Give either the pattern of the dates in file names or the dates of the bands.</source>
        <translation>Donnez soit le modèle des dates dans les noms de fichiers, soit les dates des bandes.</translation>
    </message>
    <message>
        <source>Read samples</source>
        <translation>Lecture des échantillons</translation>
    </message>
    <message>
        <source>Compute signatures</source>
        <translation>Calcul des signatures</translation>
    </message>
    <message>
        <source>Compare a map with samples</source>
        <translation>Comparaison d’une carte aux échantillons</translation>
    </message>
    <message>
        <source>Read a classifier</source>
        <translation>Lecture d’un classifieur</translation>
    </message>
    <message>
        <source>Compare two maps</source>
        <translation>Comparaison de deux cartes</translation>
    </message>
    <message>
        <source>No algorithm makes this table: export it instead.</source>
        <translation>Aucun algorithme ne produit ce tableau : exportez-le plutôt.</translation>
    </message>
    <message>
        <source>Choose samples, a map and the side test: assessmap counts test samples.</source>
        <translation>Choisissez des échantillons, une carte et le côté test : assessmap compte les échantillons de test.</translation>
    </message>
    <message>
        <source>The record of the run (.provenance.json) is not beside the file: the command is not known.</source>
        <translation>La trace de l’exécution (.provenance.json) n’est pas à côté du fichier : la commande n’est pas connue.</translation>
    </message>
    <message>
        <source>Compare maps</source>
        <translation>Comparer des cartes</translation>
    </message>
    <message>
        <source>First map</source>
        <translation>Première carte</translation>
    </message>
    <message>
        <source>Second map</source>
        <translation>Seconde carte</translation>
    </message>
    <message>
        <source>The maps agree on {share} of {area} ha</source>
        <translation>Les cartes s’accordent sur {share} de {area} ha</translation>
    </message>
    <message>
        <source>First map: {}</source>
        <translation>Première carte : {}</translation>
    </message>
    <message>
        <source>Second map: {}</source>
        <translation>Seconde carte : {}</translation>
    </message>
    <message>
        <source>ha</source>
        <translation>ha</translation>
    </message>
    <message>
        <source>Add two maps of classes on one grid to the project, as the outputs of Classify time series (calval:classifytimeseries) or Regularize map (calval:regularizemap).</source>
        <translation>Ajoutez au projet deux cartes de classes sur une même grille, comme les sorties de Classer des séries temporelles (calval:classifytimeseries) ou de Régulariser une carte (calval:regularizemap).</translation>
    </message>
    <message>
        <source>Comparing the maps…</source>
        <translation>Comparaison des cartes…</translation>
    </message>
    <message>
        <source>First map {first}, second map {second}</source>
        <translation>Première carte {first}, seconde carte {second}</translation>
    </message>
    <message>
        <source>, {} pixels</source>
        <translation>, {} pixels</translation>
    </message>
    <message>
        <source>{area} ha, {share} of what both maps cover</source>
        <translation>{area} ha, {share} de ce que couvrent les deux cartes</translation>
    </message>
    <message>
        <source>Confusion</source>
        <translation>Confusion</translation>
    </message>
    <message>
        <source>Overall accuracy {accuracy}, {count} samples</source>
        <translation>Exactitude globale {accuracy}, {count} échantillons</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Précision</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>Rappel</translation>
    </message>
    <message>
        <source>F</source>
        <translation>F</translation>
    </message>
    <message>
        <source>Add samples to the project: the output of Prepare samples (calval:preparesamples).</source>
        <translation>Ajoutez des échantillons au projet : la sortie de Préparer les échantillons (calval:preparesamples).</translation>
    </message>
    <message>
        <source>Add a map of classes to the project: the output of Classify time series (calval:classifytimeseries).</source>
        <translation>Ajoutez une carte de classes au projet : la sortie de Classer des séries temporelles (calval:classifytimeseries).</translation>
    </message>
    <message>
        <source>Reading the map at the samples…</source>
        <translation>Lecture de la carte aux échantillons…</translation>
    </message>
    <message>
        <source>Reference {label}: {count} samples</source>
        <translation>Référence {label} : {count} échantillons</translation>
    </message>
    <message>
        <source>recall {recall}, F-score {f}</source>
        <translation>rappel {recall}, score F {f}</translation>
    </message>
    <message>
        <source>Map {label}: {count} samples</source>
        <translation>Carte {label} : {count} échantillons</translation>
    </message>
    <message>
        <source>precision {}</source>
        <translation>précision {}</translation>
    </message>
    <message>
        <source>Reference {reference}, map {mapped}: {count} samples</source>
        <translation>Référence {reference}, carte {mapped} : {count} échantillons</translation>
    </message>
    <message>
        <source>{row} of the reference class, {column} of the map&apos;s</source>
        <translation>{row} de la classe de référence, {column} de celle de la carte</translation>
    </message>
    <message>
        <source>&lt; 1 %</source>
        <translation>&lt; 1 %</translation>
    </message>
    <message>
        <source>The classes whose signatures are drawn; twelve at most</source>
        <translation>Les classes dont les signatures sont tracées ; douze au plus</translation>
    </message>
    <message>
        <source>Copy the qgis_process line that makes what is shown</source>
        <translation>Copier la ligne qgis_process qui produit ce qui est montré</translation>
    </message>
    <message>
        <source>Click a place on the map: its pixel, the nearest sample, or its pair of classes</source>
        <translation>Cliquez un lieu sur la carte : son pixel, l’échantillon le plus proche ou sa paire de classes</translation>
    </message>
    <message>
        <source>Choose no cell, and take the marks off the map</source>
        <translation>Ne choisir aucune case et retirer les marques de la carte</translation>
    </message>
    <message>
        <source>Percent by row</source>
        <translation>Pour cent par ligne</translation>
    </message>
    <message>
        <source>Percent of the class of the row instead of numbers</source>
        <translation>Pour cent de la classe de la ligne au lieu de nombres</translation>
    </message>
    <message>
        <source>What is shown</source>
        <translation>Ce qui est montré</translation>
    </message>
    <message>
        <source>test</source>
        <translation>test</translation>
    </message>
    <message>
        <source>training</source>
        <translation>apprentissage</translation>
    </message>
    <message>
        <source>all</source>
        <translation>tous</translation>
    </message>
    <message>
        <source>Classifier</source>
        <translation>Classifieur</translation>
    </message>
    <message>
        <source>Files of classifiers: beside the layers, or opened</source>
        <translation>Fichiers de classifieurs : à côté des couches, ou ouverts</translation>
    </message>
    <message>
        <source>Layers with samples, as Prepare samples makes them</source>
        <translation>Couches d’échantillons, telles que les fait Préparer les échantillons</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Classe</translation>
    </message>
    <message>
        <source>The column with the class of the samples</source>
        <translation>La colonne qui contient la classe des échantillons</translation>
    </message>
    <message>
        <source>Stack</source>
        <translation>Pile</translation>
    </message>
    <message>
        <source>Features by date, as Compute primitives makes them</source>
        <translation>Variables par date, telles que les fait Calculer les primitives</translation>
    </message>
    <message>
        <source>The band or index whose signatures are drawn</source>
        <translation>La bande ou l’indice dont les signatures sont tracées</translation>
    </message>
    <message>
        <source>Clear days</source>
        <translation>Jours clairs</translation>
    </message>
    <message>
        <source>Days to the nearest clear date: which dates of the pixel are gap-filled</source>
        <translation>Jours jusqu’à la date claire la plus proche : quelles dates du pixel sont interpolées</translation>
    </message>
    <message>
        <source>A map of classes</source>
        <translation>Une carte de classes</translation>
    </message>
    <message>
        <source>The map that the first is compared with</source>
        <translation>La carte à laquelle la première est comparée</translation>
    </message>
    <message>
        <source>How sure the map is, in percent</source>
        <translation>Certitude de la carte, en pour cent</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Côté</translation>
    </message>
    <message>
        <source>Which samples are counted; made ones never are</source>
        <translation>Quels échantillons sont comptés ; les échantillons fabriqués ne le sont jamais</translation>
    </message>
    <message>
        <source>(none)</source>
        <translation>(aucun)</translation>
    </message>
    <message>
        <source>{} is neither a stack with dated bands nor a map of classes nor a raster of days or confidence: name its bands (NDVI_20190101), or give the map category names.</source>
        <translation>{} n’est ni une pile à bandes datées, ni une carte de classes, ni un raster de jours ou de confiance : nommez ses bandes (NDVI_20190101), ou donnez à la carte des noms de catégories.</translation>
    </message>
    <message>
        <source>One of the maps has no class there.</source>
        <translation>L’une des cartes n’a pas de classe à cet endroit.</translation>
    </message>
    <message>
        <source>Open a classifier, or files that are no layers</source>
        <translation>Ouvrir un classifieur, ou des fichiers qui ne sont pas des couches</translation>
    </message>
    <message>
        <source>Classifier…</source>
        <translation>Classifieur…</translation>
    </message>
    <message>
        <source>Samples…</source>
        <translation>Échantillons…</translation>
    </message>
    <message>
        <source>Stack or maps…</source>
        <translation>Pile ou cartes…</translation>
    </message>
    <message>
        <source>Classifiers ({})</source>
        <translation>Classifieurs ({})</translation>
    </message>
    <message>
        <source>Open a classifier</source>
        <translation>Ouvrir un classifieur</translation>
    </message>
    <message>
        <source>Open samples</source>
        <translation>Ouvrir des échantillons</translation>
    </message>
    <message>
        <source>Layers ({})</source>
        <translation>Couches ({})</translation>
    </message>
    <message>
        <source>Open stacks and maps</source>
        <translation>Ouvrir des piles et des cartes</translation>
    </message>
    <message>
        <source>Look at a land-cover map and at what it was made of</source>
        <translation>Regarder une carte d’occupation du sol et ce dont elle est faite</translation>
    </message>
    <message>
        <source>Add samples (calval:preparesamples), a feature stack (calval:computeprimitives) and maps (calval:classifytimeseries) to the project, or open files: see how classes run through the year, where the map is wrong, what a classifier is worth elsewhere, and where two maps differ.</source>
        <translation>Ajoutez au projet des échantillons (calval:preparesamples), une pile de variables (calval:computeprimitives) et des cartes (calval:classifytimeseries), ou ouvrez des fichiers : voyez comment les classes évoluent dans l’année, où la carte se trompe, ce que vaut un classifieur ailleurs et où deux cartes diffèrent.</translation>
    </message>
    <message>
        <source>Open samples…</source>
        <translation>Ouvrir des échantillons…</translation>
    </message>
    <message>
        <source>Open stack or maps…</source>
        <translation>Ouvrir une pile ou des cartes…</translation>
    </message>
    <message>
        <source>Open a classifier…</source>
        <translation>Ouvrir un classifieur…</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Signature</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validation</translation>
    </message>
    <message>
        <source>Importance</source>
        <translation>Importance</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <source>Only the first {} classes are drawn.</source>
        <translation>Seules les {} premières classes sont tracées.</translation>
    </message>
    <message>
        <source>{count} samples of {classes} classes</source>
        <translation>{count} échantillons de {classes} classes</translation>
    </message>
    <message>
        <source>Neither the stack nor the map has a pixel there.</source>
        <translation>Ni la pile ni la carte n’ont de pixel à cet endroit.</translation>
    </message>
    <message>
        <source>Samples of the cell</source>
        <translation>Échantillons de la case</translation>
    </message>
    <message>
        <source>Click a sample to see it on the map</source>
        <translation>Cliquez un échantillon pour le voir sur la carte</translation>
    </message>
    <message>
        <source>Click a cell to see its samples here and on the map.</source>
        <translation>Cliquez une case pour voir ses échantillons ici et sur la carte.</translation>
    </message>
    <message>
        <source> (the first {})</source>
        <translation> (les {} premiers)</translation>
    </message>
    <message>
        <source>Samples of the cell: {}</source>
        <translation>Échantillons de la case : {}</translation>
    </message>
    <message>
        <source>polygon {}</source>
        <translation>polygone {}</translation>
    </message>
    <message>
        <source>zone {}</source>
        <translation>zone {}</translation>
    </message>
    <message>
        <source>Pixel, clear date</source>
        <translation>Pixel, date claire</translation>
    </message>
    <message>
        <source>Pixel</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Pixel, gap-filled date</source>
        <translation>Pixel, date interpolée</translation>
    </message>
    <message>
        <source>Signature; pixel without a class</source>
        <translation>Signature ; pixel sans classe</translation>
    </message>
    <message>
        <source>Signature; pixel: {}</source>
        <translation>Signature ; pixel : {}</translation>
    </message>
    <message>
        <source>, confidence {} %</source>
        <translation>, confiance {} %</translation>
    </message>
    <message>
        <source>Add samples (calval:preparesamples) or a feature stack (calval:computeprimitives) to the project.</source>
        <translation>Ajoutez au projet des échantillons (calval:preparesamples) ou une pile de variables (calval:computeprimitives).</translation>
    </message>
    <message>
        <source>Neither the samples nor the stack have bands with dates, as NDVI_20190101.</source>
        <translation>Ni les échantillons ni la pile n’ont de bandes datées, comme NDVI_20190101.</translation>
    </message>
    <message>
        <source>Reading the samples…</source>
        <translation>Lecture des échantillons…</translation>
    </message>
    <message>
        <source>Press On map, then click a pixel: its series is drawn here.</source>
        <translation>Pressez Carte, puis cliquez un pixel : sa série est tracée ici.</translation>
    </message>
    <message>
        <source>{label}, {day}: mean {mean}</source>
        <translation>{label}, {day} : moyenne {mean}</translation>
    </message>
    <message>
        <source>{low} to {high} (10 % to 90 %), {count} samples</source>
        <translation>{low} à {high} (10 % à 90 %), {count} échantillons</translation>
    </message>
    <message>
        <source>Pixel at {lat}°, {lon}°, {day}: {value}</source>
        <translation>Pixel à {lat}°, {lon}°, {day} : {value}</translation>
    </message>
    <message>
        <source>it is not known whether this date was clear</source>
        <translation>on ne sait pas si cette date était claire</translation>
    </message>
    <message>
        <source>never clear</source>
        <translation>jamais clair</translation>
    </message>
    <message>
        <source>clear on this date</source>
        <translation>clair à cette date</translation>
    </message>
    <message>
        <source>gap-filled: nearest clear date {} days away</source>
        <translation>interpolé : date claire la plus proche à {} jours</translation>
    </message>
    <message>
        <source>Overall accuracy, then F-score by class (%)</source>
        <translation>Exactitude globale, puis score F par classe (%)</translation>
    </message>
    <message>
        <source>overall accuracy</source>
        <translation>exactitude globale</translation>
    </message>
    <message>
        <source>F-score; precision {precision}, recall {recall}</source>
        <translation>score F ; précision {precision}, rappel {recall}</translation>
    </message>
    <message>
        <source>The file of this classifier does not say how important features are.</source>
        <translation>Le fichier de ce classifieur ne dit pas l’importance des variables.</translation>
    </message>
    <message>
        <source>The {} most important features</source>
        <translation>Les {} variables les plus importantes</translation>
    </message>
    <message>
        <source>Accuracy lost when the feature is shuffled</source>
        <translation>Exactitude perdue quand la variable est mélangée</translation>
    </message>
    <message>
        <source>Share of the decrease of impurity</source>
        <translation>Part de la baisse d’impureté</translation>
    </message>
    <message>
        <source>Open the file of a classifier (.npz): the output of Train a classifier (calval:trainclassifier).</source>
        <translation>Ouvrez le fichier d’un classifieur (.npz) : la sortie d’Entraîner un classifieur (calval:trainclassifier).</translation>
    </message>
    <message>
        <source>There is no classifier in this file.</source>
        <translation>Il n’y a pas de classifieur dans ce fichier.</translation>
    </message>
    <message>
        <source>Random {random}, spatial {spatial}: {gap} points between them</source>
        <translation>Aléatoire {random}, spatiale {spatial} : {gap} points d’écart</translation>
    </message>
    <message>
        <source>All classes</source>
        <translation>Toutes les classes</translation>
    </message>
    <message>
        <source>random cross-validation</source>
        <translation>validation croisée aléatoire</translation>
    </message>
    <message>
        <source>spatial cross-validation</source>
        <translation>validation croisée spatiale</translation>
    </message>
    <message>
        <source>test samples</source>
        <translation>échantillons de test</translation>
    </message>
    <message>
        <source>There is no sample, stack or map here.</source>
        <translation>Il n’y a ici ni échantillon, ni pile, ni carte.</translation>
    </message>
    <message>
        <source>Find pixels of two maps</source>
        <translation>Recherche des pixels de deux cartes</translation>
    </message>
    <message>
        <source>Simulate and map land cover</source>
        <translation>Simuler et cartographier l’occupation du sol</translation>
    </message>
    <message>
        <source>Confidence (simulated example)</source>
        <translation>Confiance (exemple simulé)</translation>
    </message>
    <message>
        <source>Map (simulated example)</source>
        <translation>Carte (exemple simulé)</translation>
    </message>
    <message>
        <source>Regularized map (simulated example)</source>
        <translation>Carte régularisée (exemple simulé)</translation>
    </message>
    <message>
        <source>Samples (simulated example)</source>
        <translation>Échantillons (exemple simulé)</translation>
    </message>
    <message>
        <source>Area to be mapped</source>
        <translation>Surface à cartographier</translation>
    </message>
    <message>
        <source>What became of each pixel</source>
        <translation>Ce que chaque pixel est devenu</translation>
    </message>
    <message>
        <source>1 classified, 2 features missing, 3 outside the area, 4 no model of the zone.</source>
        <translation>1 classé, 2 primitives manquantes, 3 hors de la surface, 4 pas de modèle de la zone.</translation>
    </message>
    <message>
        <source>Raster with a feature in each band, named by the band descriptions, or several tiles with the same features, in one coordinate system; of several years too (DATE_MATCHING=order).</source>
        <translation>Raster avec une primitive par bande, nommée par la description de la bande, ou plusieurs tuiles avec les mêmes primitives, dans un même système de coordonnées ; de plusieurs années aussi (DATE_MATCHING=order).</translation>
    </message>
    <message>
        <source>Column of the year or date of the reference: classes of one year are named. With stacks of several years, polygons count in their own year alone; empty: in all.</source>
        <translation>Colonne de l’année ou de la date de la référence : les classes d’une seule année sont nommées. Avec les piles de plusieurs années, les polygones ne comptent que dans leur année ; vide : dans toutes.</translation>
    </message>
    <message>
        <source>Raster (or tiles) with the number of clear dates of each pixel; of several years one for each of the stacks, in the same order.</source>
        <translation>Raster (ou tuiles) du nombre de dates claires de chaque pixel ; pour plusieurs années, un par pile, dans le même ordre.</translation>
    </message>
    <message>
        <source>Where there are several rasters. name: they have the same dates; order: they may be of other years, whose n-th date of a band stands for the n-th of the first raster. A pixel then gives a sample for each year, and the column year says which.</source>
        <translation>Lorsqu’il y a plusieurs rasters. name : ils ont les mêmes dates ; order : ils peuvent être d’autres années, dont la n-ième date d’une bande tient lieu de la n-ième du premier raster. Un pixel donne alors un échantillon par année, et la colonne year dit laquelle.</translation>
    </message>
    <message>
        <source>Side of the blocks of spatial cross-validation, in meters; columns x and y count as meters. Empty: the column fold where there is one, else polygons, else blocks of 0.05 degrees (5,000 m).</source>
        <translation>Côté des blocs de la validation croisée spatiale, en mètres ; les colonnes x et y comptent comme des mètres. Vide : la colonne fold s’il y en a une, sinon les polygones, sinon des blocs de 0,05 degré (5 000 m).</translation>
    </message>
    <message>
        <source>What part of the ground, in any coordinate system; empty: all of the grid.</source>
        <translation>Quelle partie du sol, dans n’importe quel système de coordonnées ; vide : toute la grille.</translation>
    </message>
    <message>
        <source>Only rows that say &apos;test&apos; count, in all columns where several are given; empty: all rows do. Of a map made of several runs, as its records say, those of all its runs are added.</source>
        <translation>Seules comptent les lignes qui disent « test », dans toutes les colonnes s’il y en a plusieurs ; vide : toutes. Pour une carte faite de plusieurs tirages, selon ses enregistrements, les colonnes de tous ses tirages sont ajoutées.</translation>
    </message>
    <message>
        <source>The command of the chain, up to this step, is on the clipboard.</source>
        <translation>La commande de la chaîne, jusqu’à cette étape, est dans le presse-papiers.</translation>
    </message>
    <message>
        <source>Overall accuracy {accuracy}, {count} samples, test in each of {runs} runs</source>
        <translation>Exactitude globale {accuracy}, {count} échantillons, de test dans chacun des {runs} tirages</translation>
    </message>
    <message>
        <source>Simulating a year of images and mapping them, once: one to three minutes. The bar at the bottom of the window tells how far it is.</source>
        <translation>Simulation d’une année d’images et cartographie, une seule fois : une à trois minutes. La barre en bas de la fenêtre montre l’avancement.</translation>
    </message>
    <message>
        <source>Share of pixels outside of what models were trained on (JSON)</source>
        <translation>Part des pixels hors de ce que les modèles ont appris (JSON)</translation>
    </message>
    <message>
        <source>Rising numbers by commas; the first and the last class are open. Empty: none.</source>
        <translation>Nombres croissants séparés par des virgules ; la première et la dernière classe sont ouvertes. Vide : aucune.</translation>
    </message>
    <message>
        <source>{one} ({first}) and {two} ({second}) differ in their extensions alone: QGIS would take {style} for the style of both. Give them different names.</source>
        <translation>{one} ({first}) et {two} ({second}) ne diffèrent que par leur extension : QGIS prendrait {style} pour le style des deux. Donnez-leur des noms différents.</translation>
    </message>
</context>
</TS>
