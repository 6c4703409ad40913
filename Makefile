# The first of these that really runs (a version manager may leave names that don't) and is new enough.
PY ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; exit; }; done; echo python3)
UV ?= uv
SEED ?= 1
PORT ?= 8000
export SEED SABOTAGE

V := .venv
BIN := $(V)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# Two stamps, so that nothing is installed twice: what the lock names, and the project itself.
LOCKED := $(V)/.locked
READY := $(V)/.ready

say = { echo "$(1)" >&2; exit 1; }

.DEFAULT_GOAL := help
.PHONY: setup parts run test lint bench prove load chaos simulate questions docs lock clean help

help: ## 列出全部目标
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

setup: $(READY) parts ## 建立 .venv，按 requirements.lock 安装全部依赖和本项目；root 还装测试用的浏览器和字体

# What the browser tests need and pip does not bring; `POLICYDESK_SKIP=browser` does without.
parts:
	@case ",$$POLICYDESK_SKIP," in *,browser,*) exit 0;; esac; missing=; \
	for name in chromium chromium-browser google-chrome $$CHROME; do command -v $$name >/dev/null && found=yes; done; \
	[ "$$found" ] || missing=chromium; \
	fc-list :lang=zh-cn 2>/dev/null | grep -q . || missing="$$missing fonts-noto-cjk"; \
	[ "$$missing" ] || exit 0; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
		echo "浏览器测试还缺：$$missing。请以 root 运行 make setup，或自行安装；不跑它们就设 POLICYDESK_SKIP=browser。" >&2; exit 0; fi; \
	echo "正在安装浏览器测试要用的 $$missing……" >&2; \
	{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$missing; } \
		>/dev/null || $(call say,$$missing 没有装上：请检查网络和软件源，或设 POLICYDESK_SKIP=browser 不装它们。)

run: $(READY) ## 安装好并在本机提供网页咨询，打印网址（PORT=8000）
	@$(BIN)/policydesk serve --port $(PORT)

test: setup ## 安装好并运行全部测试
	@$(BIN)/python -m pytest

lint: setup ## 检查代码：ruff、格式、类型
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: setup ## 测量速度，最后一行是 JSON（SEED=数字）
	@$(BIN)/python -m tests.bench

prove: setup ## 逐一核验判断规则，最后一行是 JSON（SEED=数字；SABOTAGE=operator 等故意弄坏，必须报错）
	@$(BIN)/python -m tests.prove

load: setup ## 压测Telegram回调：与裸echo机器人对比，最后一行是 JSON（SEED=数字；CONVERSATIONS=小一点可试跑）
	@$(BIN)/python -m tests.load

chaos: setup ## 反复强杀、断网、限流、塞满磁盘，逐个会话、工单、信对账，最后一行是 JSON（SEED=数字；SABOTAGE=commit|inbox|lock|ticket|notice 必须报错）
	@$(BIN)/python -m tests.chaos

simulate: setup ## 50个来访者、5个值守员的两小时，加一夜、一个假日和节后早上，时间加快，最后一行是 JSON（SEED=数字；SABOTAGE=claim 必须报错）
	@$(BIN)/python -m tests.simulate

questions: setup ## 四个题集（open、seen、blind、cases）的全部问题逐一证明、评分，成绩并排列出
	@$(BIN)/python -m tests.all_questions

docs: setup ## 由代码重写 README 里的设置表
	@$(BIN)/python -m bot.settings

# For maintainers. An existing lock's versions are kept; `rm requirements.lock` first takes the newest.
lock: ## 由 pyproject.toml 重新生成 requirements.lock（需要 uv）
	@command -v $(UV) >/dev/null || $(call say,缺少 uv：请先运行 pip install uv，或用 UV= 指明它的位置。)
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--all-extras --group dev pyproject.toml -o requirements.lock --custom-compile-command "make lock"
	@! grep -n '://' requirements.lock || $(call say,requirements.lock 里出现了网址，请检查 pyproject.toml 的依赖写法。)

clean: ## 删除 .venv、缓存和构建产物
	rm -rf $(V) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A changed lock starts from an empty environment, so that nothing the lock has dropped stays behind.
$(LOCKED): requirements.lock
	@command -v $(PY) >/dev/null || $(call say,找不到 $(PY)：请安装 Python 3.11 或更新版本（Debian：apt install python3 python3-venv）。)
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		$(call say,需要 Python 3.11 或更新版本，而 $(PY) 是 $$($(PY) --version 2>&1)；可用 PY= 指定另一个。)
	@$(PY) -c 'import venv, ensurepip' 2>/dev/null || \
		$(call say,$(PY) 缺少 venv 模块：请先安装 Debian 软件包 python3-venv（apt install python3-venv），再运行一次。)
	@echo "正在安装依赖……" >&2
	@$(PY) -m venv --clear $(V)
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements.lock || \
		$(call say,依赖没有装全：请检查网络或 pip 的软件源设置，再运行一次 make setup。)
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@$(PIP) install --no-build-isolation --no-deps --no-index --editable . || $(call say,本项目没有装上，原因见上。)
	@broken=$$($(BIN)/python -m pip check) || \
		$(call say,requirements.lock 与 pyproject.toml 不一致，请运行 make lock：$$broken)
	@touch $@
