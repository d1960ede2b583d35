#!/bin/bash
# agent.sh BUILD WORK PATH: a master and an agent that wait for orders on stdin.
# Says "ready AGENT_PID MASTER_PID", then for each line "scan" one "done".
BUILD=$1
mkdir -p "$2"
export TMPDIR=$2
. "$(dirname "$0")/../scenario/lib.sh"
scenario_begin
master_init && master_start && agent_enroll a1 || exit 1
agent_start a1
echo "ready ${PIDS[a1]} ${PIDS[master]}"
while read -r _; do
	scan_order "$3" && echo done || echo failed
done
