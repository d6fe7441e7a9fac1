"""The page of rules."""

from services.core.errors import Problem
from services.core.rule import parse_rules
from tests.dashboard.browser import Tab
from tests.dashboard.samples import alert
from tests.dashboard.serving import dashboard

RULES = parse_rules(
    {
        "rules": [
            {
                "name": "border-incident",
                "description": "Fire across a border.",
                "when": {"flags": ["border_incident"], "countries": ["ARM"]},
                "window": "72h",
                "group_by": "border",
                "severities": {"warning": 2, "critical": 6},
            },
            {
                "name": "drones",
                "when": {
                    "keywords": {"any": ["drone"], "none": ['"exercise"'], "near": {"words": ["drone", "city"]}},
                    "places": [{"name": "Goris", "near": {"lat": 39.5, "lon": 46.3, "km": 20}}],
                    "any": [{"min_killed": 2}, {"not": [{"actors": ["ARM-MIL"]}]}],
                },
                "window": "7d",
                "severities": {"info": 1},
            },
            *(
                {
                    "name": f"a-{kind.replace('_', '-')}",
                    "kind": kind,
                    "window": "24h",
                    "severities": {"info": 1},
                    **more,
                }
                for kind, more in {
                    "spike": {"when": {"event_types": ["Riots"]}},
                    "cardinality": {"when": {"event_types": ["Riots"]}, "cardinality": {"of": "actors"}},
                    "new_term": {"when": {"event_types": ["Riots"]}},
                    "flatline": {"when": {"event_types": ["Riots"]}},
                    "sequence": {
                        "when": {"ceasefire": ["breached"]},
                        "sequence": {"first": {"ceasefire": ["declared"]}, "within": "14d"},
                    },
                }.items()
            ),
        ]
    },
    "rules.yaml",
).rules


async def test_rules_are_told_in_words_with_how_much_of_them_rings(page: Tab) -> None:
    async with dashboard(alert(), alert(alert_id="old", rule="dropped"), rules=RULES) as desk:
        await page.open(f"{desk.url}/rules")
        await page.until("document.querySelectorAll('#rules li').length === 8")
        told = await page.evaluate("[...document.querySelectorAll('#rules li')].map((item) => item.textContent)")
    assert "Watches for border incident; in Armenia." in told[0]
    assert "Counts incidents within 3d, for each border by itself: warning from 2, critical from 6." in told[0]
    assert "1 alert ringing" in told[0]
    assert "“drone”; not “exercise”; “drone” and “city” within 10 words; at Goris, 20 km around 39.5, 46.3" in told[1]
    assert "any of (at least 2 killed) (none of (by ARM-MIL))." in told[1]
    assert "Compares the incidents within 1d with those at the same weekday of the weeks before, for each" in told[2]
    assert "Counts distinct actors within 1d, for each country by itself: info from 1." in told[3]
    assert "Counts places within 1d that were not seen for 30d" in told[4]
    assert "Counts how many times 1d have passed since anything matched" in told[5]
    assert "Watches for ceasefire breached. Counts incidents within 1d that followed within 14d: ceasefire" in told[6]
    assert "No longer in the rules file." in told[7]


async def test_without_a_rules_file_the_page_says_so(page: Tab) -> None:
    async with dashboard() as desk:
        await page.open(f"{desk.url}/rules")
        await page.until("document.querySelector('#empty-words').textContent.startsWith('The rules file cannot')")


async def test_what_is_wrong_with_the_rules_file_is_told_beside_the_rules_that_hold(page: Tab) -> None:
    wrong = Problem("rules.yaml: rules[0]", "unknown key")
    async with dashboard(rules=RULES, problems=[wrong]) as desk:
        await page.open(f"{desk.url}/rules")
        await page.until("document.querySelector('#problems li')?.textContent.startsWith('rules.yaml: rules[0]')")
        assert await page.evaluate("document.querySelectorAll('#rules li').length") == 7
