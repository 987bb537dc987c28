"""Letters to be answered: run by itself on the database of a benchmark, it prints their tracked addresses."""

import asyncio
import json
import sys

import make
from undersigned.delivery import addresses
from undersigned.kit import database

OFFICES = 20


async def main(many: int) -> list[str]:
    """So many letters that were sent, to twenty offices by turns."""
    await database.connect()
    about = await make.campaign()
    offices = [await make.mp(f"E{14_001_000 + number}", f"Seat {number}") for number in range(OFFICES)]
    made = [
        await make.letter(
            campaign=about, representative=offices[number % OFFICES], email=f"writer.{number}@example.org"
        )
        for number in range(many)
    ]
    await database.disconnect()
    return [addresses.tracked(letter.id) for letter in made]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(int(sys.argv[1])))))
