"""Forty public buildings in all four nations, and the towns of postcode areas, typed as facts: what a demo knows.

Every one can be checked by anybody; the loading of a real release is checked against them, too.
"""

from pathlib import Path
from typing import Final, NamedTuple

from undersigned.postcodes import packing
from undersigned.postcodes.index import OGL_LINES
from undersigned.postcodes.packing import Packer, Spot
from undersigned.postcodes.postcode import Postcode
from undersigned.postcodes.seats import country_of

DEMO_RELEASE: Final = "demo"
TYPED_IN: Final = 2026


class Building(NamedTuple):
    """A public building, its constituency, where it stands (WGS 84), and its police force area."""

    postcode: Postcode
    name: str
    town: str
    gss_code: str
    constituency: str
    latitude: float
    longitude: float
    police_force_area: str


_TYPED: Final = """
SW1A 0AA|Palace of Westminster|London|E14001172|Cities of London and Westminster|51.500|-0.125|E23000001
SW1A 2AA|10 Downing Street|London|E14001172|Cities of London and Westminster|51.503|-0.128|E23000001
NW1 2DB|British Library|London|E14001290|Holborn and St Pancras|51.530|-0.127|E23000001
SE10 9NF|National Maritime Museum|London|E14001257|Greenwich and Woolwich|51.481|-0.006|E23000001
E16 1ZE|City Hall|London|E14001576|West Ham and Beckton|51.507|0.016|E23000001
BL9 0SW|Bury Town Hall|Bury|E14001144|Bury North|53.590|-2.299|E23000005
M2 5PD|Manchester Central Library|Manchester|E14001352|Manchester Central|53.478|-2.245|E23000005
M12 5WF|Gorton Monastery|Manchester|E14001251|Gorton and Denton|53.468|-2.188|E23000005
M5 4WU|Salford Museum and Art Gallery|Salford|E14001459|Salford|53.485|-2.272|E23000005
M27 5AW|Salford Civic Centre|Swinton|E14001598|Worsley and Eccles|53.510|-2.339|E23000005
LE1 9BG|Leicester Town Hall|Leicester|E14001327|Leicester South|52.634|-1.132|E23000021
LE4 5NS|National Space Centre|Leicester|E14001328|Leicester West|52.654|-1.132|E23000021
SG13 8DE|County Hall|Hertford|E14001283|Hertford and Stortford|51.791|-0.081|E23000027
SG1 1HN|Daneshill House|Stevenage|E14001516|Stevenage|51.901|-0.203|E23000027
WD17 3EX|Watford Town Hall|Watford|E14001568|Watford|51.659|-0.403|E23000027
AL1 3JE|St Albans Civic Centre|St Albans|E14001507|St Albans|51.753|-0.336|E23000027
BN1 1EE|Royal Pavilion|Brighton|E14001130|Brighton Pavilion|50.822|-0.138|E23000033
BN3 3BQ|Hove Town Hall|Hove|E14001296|Hove and Portslade|50.829|-0.170|E23000033
BN7 1UE|County Hall|Lewes|E14001330|Lewes|50.872|0.001|E23000033
PO19 1RQ|County Hall|Chichester|E14001166|Chichester|50.838|-0.783|E23000033
RH10 1UZ|Crawley Town Hall|Crawley|E14001184|Crawley|51.117|-0.184|E23000033
B1 1BB|Birmingham Council House|Birmingham|E14001096|Birmingham Ladywood|52.480|-1.903|E23000014
LS1 1UR|Leeds Civic Hall|Leeds|E14001319|Leeds Central and Headingley|53.802|-1.549|E23000010
BS1 5TR|Bristol City Hall|Bristol|E14001131|Bristol Central|51.453|-2.602|E23000036
NE1 8QH|Civic Centre|Newcastle|E14001377|Newcastle upon Tyne Central and West|54.978|-1.611|E23000007
CF99 1SN|Senedd|Cardiff|W07000091|Cardiff South and Penarth|51.464|-3.162|W15000003
CF10 3ND|Cardiff City Hall|Cardiff|W07000091|Cardiff South and Penarth|51.485|-3.179|W15000003
SA1 4PE|Guildhall|Swansea|W07000108|Swansea West|51.614|-3.960|W15000003
LL57 2DG|Bangor University|Bangor|W07000083|Bangor Aberconwy|53.229|-4.129|W15000001
EH99 1SP|Scottish Parliament|Edinburgh|S14000078|Edinburgh East and Musselburgh|55.952|-3.175|S23000009
G2 1DU|Glasgow City Chambers|Glasgow|S14000086|Glasgow North East|55.861|-4.249|S23000009
G3 8AG|Kelvingrove Art Gallery and Museum|Glasgow|S14000085|Glasgow North|55.869|-4.291|S23000009
AB10 1AB|Marischal College|Aberdeen|S14000061|Aberdeen South|57.150|-2.097|S23000009
IV3 5NX|Highland Council|Inverness|S14000094|Inverness, Skye and West Ross-shire|57.473|-4.233|S23000009
KW15 1NY|Orkney Islands Council|Kirkwall|S14000051|Orkney and Shetland|58.981|-2.957|S23000009
ZE1 0HB|Lerwick Town Hall|Lerwick|S14000051|Orkney and Shetland|60.154|-1.146|S23000009
BT1 5GS|Belfast City Hall|Belfast|N05000003|Belfast South and Mid Down|54.597|-5.930|N23000009
BT7 1NN|Queen’s University Belfast|Belfast|N05000003|Belfast South and Mid Down|54.584|-5.934|N23000009
BT16 1RH|Ulster Hospital|Dundonald|N05000001|Belfast East|54.597|-5.811|N23000009
BT48 6DQ|Guildhall|Derry|N05000008|Foyle|54.998|-7.320|N23000009
"""


def _building(line: str) -> Building:
    postcode, name, town, gss_code, constituency, latitude, longitude, police = line.split("|")
    where = float(latitude), float(longitude)
    return Building(Postcode.parse(postcode), name, town, gss_code, constituency, *where, police)


BUILDINGS: Final = tuple(_building(line) for line in _TYPED.strip().splitlines())

_AREAS: Final = """
AB 57.15 -2.09|AL 51.75 -0.34|B 52.48 -1.90|BA 51.38 -2.36|BB 53.75 -2.48|BD 53.80 -1.75|BH 50.72 -1.88
BL 53.58 -2.43|BN 50.82 -0.14|BR 51.41 0.02|BS 51.45 -2.59|BT 54.60 -5.93|CA 54.89 -2.94|CB 52.21 0.12
CF 51.48 -3.18|CH 53.19 -2.89|CM 51.74 0.48|CO 51.89 0.90|CR 51.37 -0.10|CT 51.28 1.08|CV 52.41 -1.51
CW 53.10 -2.44|DA 51.45 0.22|DD 56.46 -2.97|DE 52.92 -1.48|DG 55.07 -3.61|DH 54.78 -1.58|DL 54.52 -1.55
DN 53.52 -1.13|DT 50.71 -2.44|DY 52.51 -2.09|E 51.54 -0.03|EC 51.52 -0.09|EH 55.95 -3.19|EN 51.65 -0.08
EX 50.72 -3.53|FK 56.00 -3.78|FY 53.82 -3.05|G 55.86 -4.25|GL 51.86 -2.24|GU 51.24 -0.57|HA 51.58 -0.34
HD 53.65 -1.78|HG 53.99 -1.54|HP 51.75 -0.47|HR 52.06 -2.72|HS 58.21 -6.39|HU 53.74 -0.33|HX 53.72 -1.86
IG 51.56 0.07|IP 52.06 1.16|IV 57.48 -4.22|KA 55.61 -4.50|KT 51.41 -0.30|KW 58.98 -2.96|KY 56.11 -3.16
L 53.41 -2.98|LA 54.05 -2.80|LD 52.24 -3.38|LE 52.64 -1.13|LL 53.32 -3.83|LN 53.23 -0.54|LS 53.80 -1.55
LU 51.88 -0.42|M 53.48 -2.24|ME 51.39 0.52|MK 52.04 -0.76|ML 55.79 -3.99|N 51.57 -0.11|NE 54.98 -1.61
NG 52.95 -1.15|NN 52.24 -0.90|NP 51.59 -3.00|NR 52.63 1.30|NW 51.55 -0.18|OL 53.54 -2.11|OX 51.75 -1.26
PA 55.85 -4.42|PE 52.57 -0.24|PH 56.40 -3.43|PL 50.37 -4.14|PO 50.80 -1.09|PR 53.76 -2.70|RG 51.45 -0.97
RH 51.24 -0.17|RM 51.58 0.18|S 53.38 -1.47|SA 51.62 -3.94|SE 51.47 -0.06|SG 51.90 -0.20|SK 53.41 -2.16
SL 51.51 -0.60|SM 51.36 -0.19|SN 51.56 -1.78|SO 50.90 -1.40|SP 51.07 -1.79|SR 54.91 -1.38|SS 51.54 0.71
ST 53.00 -2.18|SW 51.47 -0.17|SY 52.71 -2.75|TA 51.02 -3.10|TD 55.60 -2.78|TF 52.68 -2.45|TN 51.13 0.26
TQ 50.46 -3.53|TR 50.26 -5.05|TS 54.57 -1.23|TW 51.45 -0.34|UB 51.51 -0.38|W 51.51 -0.20|WA 53.39 -2.60
WC 51.52 -0.12|WD 51.66 -0.40|WF 53.68 -1.50|WN 53.55 -2.63|WR 52.19 -2.22|WS 52.59 -1.98|WV 52.59 -2.13
YO 53.96 -1.08|ZE 60.15 -1.15
"""
"""The town that each postcode area is named for, to the nearest mile or so; the London ones by their middle."""


def _areas() -> dict[str, tuple[float, float]]:
    entries = (entry.split() for entry in _AREAS.replace("\n", "|").split("|") if entry)
    return {area: (float(latitude), float(longitude)) for area, latitude, longitude in entries}


AREAS: Final = _areas()


def point_of(outward: str) -> tuple[float, float] | None:
    """Roughly where an outward code is: at the first of our buildings there, else in the middle of its area."""
    known = next((one for one in BUILDINGS if one.postcode.outward == outward), None)
    if known:
        return known.latitude, known.longitude
    return AREAS.get(outward.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").rstrip("0123456789"))


def write_index(path: Path) -> None:
    """Put an index of these buildings, release “demo”, at ``path``; enough for the demo to find its MPs."""
    packer = Packer()
    for building in BUILDINGS:
        spot = Spot(building.gss_code, country_of(building.gss_code), building.police_force_area)
        packer.add(building.postcode.outward, building.postcode.inward, packer.number(spot), terminated=False)
    packing.replace(path, packer.pack(DEMO_RELEASE, [line.format(year=TYPED_IN) for line in OGL_LINES]))
