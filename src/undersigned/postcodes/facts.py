"""Forty public buildings in all four nations, typed as facts: what the demo knows before any file is loaded.

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


def write_index(path: Path) -> None:
    """Put an index of these buildings, release “demo”, at ``path``; enough for the demo to find its MPs."""
    packer = Packer()
    for building in BUILDINGS:
        spot = Spot(building.gss_code, country_of(building.gss_code), building.police_force_area)
        packer.add(building.postcode.outward, building.postcode.inward, packer.number(spot), terminated=False)
    packing.replace(path, packer.pack(DEMO_RELEASE, [line.format(year=TYPED_IN) for line in OGL_LINES]))
