#!/bin/bash
# The manual pages say what the programs say of themselves: every option with
# the word behind it and its default, every command, and no other.
. "$(dirname "$0")/lib.sh"
scenario_begin
pages=$TOP/packaging/man

# "--name WORD [default]" of each option in a help text on standard input
options_of_help() {
	sed -nE 's/^  (--[^ ]+)( [A-Z][A-Z,=]*)?  +(.*)$/\1\2|\3/p' |
	    sed -E 's/\|.* (\[[^]]*\])$/ \1/; s/\|.*//' | sort
}

# The same of each .It Fl in one section of a page
options_of_page() { # PAGE SECTION
	awk -v want="$2" '
	function put() {
		if (item != "")
			print item (value == "" ? "" : " [" value "]")
		item = value = ""
	}
	/^\.S[hs] / { put(); inside = $0 ~ want "$" }
	/^\.It/ { put() }
	inside && /^\.It Fl / {
		item = "-" $3
		if ($4 == "Ar")
			item = item " " $5
	}
	inside && item != "" && after && /^\.Ql / { value = $2 }
	{ after = /^The default is$/ }
	END { put() }' "$pages/$1" | sort
}

# Commands of a page: .It Cm
commands_of_page() {
	awk '/^\.S[hs] / { inside = /Commands$/ }
	inside && /^\.It Cm / { print $3 }' "$pages/$1" | sort
}

same() { # NAME: standard input of both in files
	diff -u "$W/help" "$W/page"
}

trawl scan --help | options_of_help >"$W/help"
options_of_page trawl.1 "Options of scan" >"$W/page"
check "options of trawl scan are those of its page" same
check "there are some" test "$(wc -l <"$W/help")" -ge 8

trawl-agent help | options_of_help >"$W/help"
options_of_page trawl-agent.8 Settings >"$W/page"
check "settings of the agent are those of its page" same
check "there are some of the agent" test "$(wc -l <"$W/help")" -ge 10

trawl-proxy-agent help | options_of_help >"$W/help"
options_of_page trawl-proxy-agent.8 Settings >"$W/page"
check "settings of the proxy agent are those of its page" same
check "there are some of the proxy agent" test "$(wc -l <"$W/help")" -ge 10

trawl-master help settings | options_of_help >"$W/help"
options_of_page trawl-master.8 Settings >"$W/page"
check "settings of the master are those of its page" same
check "there are some of the master" test "$(wc -l <"$W/help")" -ge 10

trawl help | sed -n 's/^  trawl \([a-z]*\) .*/\1/p' | sort >"$W/help"
commands_of_page trawl.1 >"$W/page"
check "commands of trawl are those of its page" same

trawl-agent help | grep -o 'trawl-agent [a-z].*' | sed 's/trawl-agent //' |
    tr -s ' |' '\n' | grep -x '[a-z]*' | sort -u >"$W/help"
commands_of_page trawl-agent.8 >"$W/page"
check "commands of the agent are those of its page" same

trawl-proxy-agent help | grep -o 'trawl-proxy-agent [a-z]*' |
    sed 's/trawl-proxy-agent //' | sort -u >"$W/help"
commands_of_page trawl-proxy-agent.8 >"$W/page"
check "commands of the proxy agent are those of its page" same

trawl-master help | sed -n 's/^  \([a-z-]*\)  .*/\1/p' | sort >"$W/help"
commands_of_page trawl-master.8 >"$W/page"
check "commands of the master are those of its page" same

# Options that only one command of the master has stand in its table.
grep -ho '\.name = "[a-z-]*"' "$TOP"/master/cmd_*.c |
    sed 's/.*"\(.*\)"/--\1/' | sort -u >"$W/help"
awk '/^\.S[hs] / { inside = /Commands$/ }
inside && /^\.Fl |\.Pq Fl / {
	for (i = 2; i <= NF; i++)
		if ($i ~ /^-[a-z]/) { sub(/,$/, "", $i); print "-" $i }
}' "$pages/trawl-master.8" | sort -u >"$W/page"
check "options of the master's commands are those of its page" same

scenario_end
