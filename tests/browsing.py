"""A real browser on a real server; whatever the console complains of, or asks of another host, fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = {390: 844, 1280: 800}
HEIGHTS = WIDTHS | {1920: 1080}
UNUSED = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
"""What the browser prepares behind every new window (its address bar, a process to spare); no page has any use for it,
and it costs more than the page."""
PATIENCE_MS = 60_000
"""What a page may take on a crowded machine; who waits for something goes on as soon as it is there."""
SKIPPED = set(os.environ.get("POLICYDESK_SKIP", "").split(","))

expect.set_options(timeout=PATIENCE_MS)


def executable() -> str:
    """The browser of this machine; the test fails with a sentence where there is none."""
    if "browser" in SKIPPED:
        pytest.skip("POLICYDESK_SKIP=browser：跳过浏览器测试")
    found = next(filter(None, (shutil.which(name) for name in NAMES)), os.environ.get("CHROME"))
    if not found:
        pytest.fail("没有找到 chromium：请以 root 运行 make setup 装上，或设 POLICYDESK_SKIP=browser 跳过浏览器测试。")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--renderer-process-limit=1", f"--disable-features={','.join(UNUSED)}"]
        started = playwright.chromium.launch(executable_path=executable(), args=arguments)
        yield started
        started.close()


class Visitor:
    """Somebody at the page: says, taps, sees."""

    def __init__(self, browser: Browser, url: str, width: int, **options: Any) -> None:
        self.url, self.complaints = url, list[str]()
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]}, has_touch=width == 390, locale="zh-CN", **options
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("console", lambda message: self._complain(message.type, message.text))
        self.context.on("weberror", lambda error: self._complain("error", str(error.error)))
        self.context.on("request", lambda request: self._asked(request.url))
        self.page = self.opens("/")

    def opens(self, path: str) -> Page:
        """A new tab."""
        page = self.context.new_page()
        page.goto(self.url + path)
        return page

    def says(self, text: str) -> None:
        """Type into the box and press Enter; until the reply stands there."""
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")
        self.waits()

    def taps(self, label: str) -> None:
        """The newest button with this label."""
        self.page.get_by_role("button", name=label, exact=True).last.click()
        self.waits()

    def waits(self) -> None:
        """Until nothing is being looked up."""
        self.page.locator(".thinking").wait_for(state="detached")

    @property
    def said(self) -> str:
        """The visitor's words in the newest exchange."""
        return self.page.locator(".said").last.inner_text().replace("您：", "").strip()

    @property
    def reply(self) -> str:
        """What the newest exchange shows under them."""
        return self.page.locator(".reply").last.inner_text()

    def shoot(self, name: str) -> None:
        """A picture for whoever looks, where SHOTS names a folder."""
        if folder := os.environ.get("SHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def leaves(self) -> None:
        """Close, and answer for everything that went wrong on the way."""
        self.context.close()
        assert not self.complaints, self.complaints

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"asked elsewhere: {url}")
