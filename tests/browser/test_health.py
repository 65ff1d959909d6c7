"""The page that `metaflow-lint report` writes, in a real browser."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.health.repositories import HOSTILE

from .conftest import picture
from .contrast import too_faint


def test_it_shows_the_numbers(health: Page):
    expect(health).to_have_title("2 repositories: the health of the flows")
    expect(health.get_by_role("heading", level=1)).to_have_text("The health of 2 repositories")
    tile = health.locator(".tile", has_text="flows without findings")
    expect(tile.locator("dd")).to_have_text("2 of 8")
    rules = health.locator("#rules tbody tr")
    total = sum(int(row.locator("td").nth(-2).inner_text()) for row in rules.all())
    efforts = [int(text) for text in health.locator("#efforts b").all_inner_texts()]
    assert sum(efforts) == total > 0
    picture(health, "health")


def test_names_are_text(health: Page):
    expect(health.get_by_role("row", name=f"shop/{HOSTILE}")).to_be_visible()
    assert health.locator("img, script, iframe, form").count() == 0
    assert health.evaluate("document.querySelectorAll('[onerror]').length") == 0


def test_the_policy_is_in_force(browser: Browser, reported: Path):
    """A style that is not the page's own does nothing, nor does a script."""
    page = browser.new_page()
    page.goto(reported.as_uri())
    page.evaluate(
        """() => {
          const style = document.createElement("style");
          style.textContent = "h1 { color: rgb(1, 2, 3) }";
          const script = document.createElement("script");
          script.textContent = "document.title = 'changed'";
          document.head.append(style, script);
        }"""
    )
    expect(page.locator("h1")).not_to_have_css("color", "rgb(1, 2, 3)")
    expect(page).to_have_title("2 repositories: the health of the flows")
    page.close()


def test_bars_are_as_long_as_their_numbers(health: Page):
    """The longest bar of a table fills its cell, and the others are in proportion."""
    rows = health.locator("#rules tbody tr").all()
    counts = [int(row.locator("td").nth(-2).inner_text()) for row in rows]
    lengths = [
        sum(part.bounding_box()["width"] for part in row.locator(".bar rect").all()) for row in rows
    ]
    longest = lengths[counts.index(max(counts))]
    for count, length in zip(counts, lengths, strict=True):
        assert abs(length / longest - count / max(counts)) < 0.02


def test_the_chart_shows_the_tags(health: Page):
    chart = health.get_by_role("img", name="Findings in the baseline of shop")
    expect(chart).to_be_visible()
    heights = [circle.bounding_box()["y"] for circle in chart.locator("circle").all()]
    values = [int(text) for text in chart.locator(".value").all_text_contents()]
    assert values == [65, 50, 53, 25, 12]
    by_height = sorted(range(5), key=lambda index: -heights[index])
    assert by_height == sorted(range(5), key=lambda index: values[index])
    box = chart.bounding_box()
    for text in chart.locator("text").all():
        place = text.bounding_box()
        assert box["x"] <= place["x"]
        assert place["x"] + place["width"] <= box["x"] + box["width"] + 1
        assert place["y"] + place["height"] <= box["y"] + box["height"] + 1


def test_it_is_used_by_keyboard_alone(health: Page):
    health.keyboard.press("Tab")
    expect(health.get_by_role("link", name="Skip to the content")).to_be_focused()
    health.keyboard.press("Enter")
    expect(health.locator("main")).to_be_focused()
    first = health.locator(".flows details").first
    for _ in range(20):
        health.keyboard.press("Tab")
        if health.evaluate("document.activeElement.matches('.flows summary')"):
            break
    expect(first.locator("summary")).to_be_focused()
    expect(first.locator(".findings")).to_be_hidden()
    health.keyboard.press("Enter")
    expect(first.locator(".findings")).to_be_visible()
    outline = first.locator("summary").evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    picture(health, "health-flow")
    health.keyboard.press("Tab")
    href = health.evaluate("document.activeElement.href")
    assert re.search(r"/docs/rules/[a-z-]+\.md$", href)


def test_a_screen_reader_finds_its_way(health: Page):
    """Landmarks, headings without gaps, and tables whose cells have headings."""
    for role in ("banner", "main"):
        assert health.get_by_role(role).count() == 1
    levels = [
        int(tag[1])
        for tag in health.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => h.tagName)")
    ]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}
    for table in health.get_by_role("table").all():
        columns = table.get_by_role("columnheader").count()
        for row in table.locator("tbody tr").all():
            assert row.locator("th[scope=row]").count() == 1
            assert row.locator("th, td:not(.bars)").count() == columns
    assert health.locator("html").get_attribute("lang") == "en"
    ids = health.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_all_text_stands_out_from_what_is_behind_it(health: Page):
    health.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert too_faint(health) == []


def test_a_narrow_window_shows_all_of_it(health: Page):
    health.set_viewport_size({"width": 400, "height": 900})
    assert health.evaluate("document.documentElement.scrollWidth") <= 400
    picture(health, "health-narrow")
