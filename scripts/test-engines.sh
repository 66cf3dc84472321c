#!/bin/sh
# A population as an array of Slurm on two nodes of this machine, every third task of which
# is killed once by signal 9: merged it has the same bytes as that of one process. Installs
# Slurm where it is missing (Debian's slurm-wlm); its daemons are of this script alone, listen
# on 127.0.0.1 and end with it.
set -eu

have() { command -v "$1" >/dev/null 2>&1; }
if ! { have slurmctld && have slurmd && have sbatch && have munged; }; then
	if have apt-get && [ "$(id -u)" = 0 ]; then
		echo "installing slurm-wlm"
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge >/dev/null
	else
		echo "this test needs the Debian packages slurm-wlm and munge (or their like)" >&2
		exit 1
	fi
fi
[ "$(id -u)" = 0 ] || { echo "this test needs root, to start the daemons of two nodes" >&2; exit 1; }

dir=$(mktemp -d)
chmod 755 "$dir"
stop() {
	for daemon in slurmd-one slurmd-two slurmctld munged; do
		[ -s "$dir/$daemon.pid" ] && kill "$(cat "$dir/$daemon.pid")" 2>/dev/null || true
	done
	sleep 1
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 1' INT TERM

${GO:-go} build -o "$dir/getij" ./cmd/getij
PATH=$dir:$PATH
export PATH

host=$(hostname -s)
mkdir "$dir/state" "$dir/one" "$dir/two" "$dir/shared"
dd if=/dev/urandom of="$dir/munge.key" bs=128 count=1 status=none
chmod 600 "$dir/munge.key"
munged --force --key-file="$dir/munge.key" --socket="$dir/munge.socket" --pid-file="$dir/munged.pid" \
	--log-file="$dir/munged.log" --seed-file="$dir/munged.seed"
cat >"$dir/slurm.conf" <<END
ClusterName=getij
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
CommunicationParameters=NoInAddrAny
StateSaveLocation=$dir/state
SlurmctldPidFile=$dir/slurmctld.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdPidFile=$dir/slurmd-%n.pid
SlurmdLogFile=$dir/slurmd-%n.log
SlurmdSpoolDir=$dir/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=1
NodeName=one NodeHostname=$host NodeAddr=127.0.0.1 Port=16818 CPUs=1
NodeName=two NodeHostname=$host NodeAddr=127.0.0.1 Port=16819 CPUs=1
PartitionName=all Nodes=one,two Default=YES MaxTime=10 State=UP
END
SLURM_CONF=$dir/slurm.conf
export SLURM_CONF
slurmctld -f "$SLURM_CONF"
slurmd -N one -f "$SLURM_CONF"
slurmd -N two -f "$SLURM_CONF"

# The batch script of docs/population.md, and beside it what kills.
cat >"$dir/population.sbatch" <<'END'
#!/bin/sh
#SBATCH --array=0-11 --cpus-per-task=1 --requeue --open-mode=append
echo "$SLURM_ARRAY_TASK_ID on $SLURMD_NODENAME, start ${SLURM_RESTART_COUNT:-0}"
if [ $((SLURM_ARRAY_TASK_ID % 3)) = 0 ] && [ "${SLURM_RESTART_COUNT:-0}" = 0 ]; then
	kill_early="timeout -s KILL 0.7"
fi
code=0
${kill_early:-} getij run -q --population 0.015% --shard auto --out "$OUT" || code=$?
# 2 is wrong input, which fails again; anything else may succeed when it is tried again.
if [ $code != 0 ] && [ $code != 2 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
	scontrol requeue "$SLURM_ARRAY_JOB_ID"_"$SLURM_ARRAY_TASK_ID"
fi
exit $code
END

getij run -q --population 0.015% --out "$dir/undisturbed" >/dev/null
OUT=$dir/shared/country sbatch --wait --output="$dir/tasks.log" "$dir/population.sbatch" || true
tries=0
until getij merge -q "$dir/shared/country" >"$dir/merged" 2>&1; do # tasks that were put in the queue again
	tries=$((tries + 1))
	if [ $tries -gt 90 ]; then
		cat "$dir/merged" "$dir/tasks.log" "$dir"/slurm*.log >&2
		squeue >&2
		exit 1
	fi
	sleep 1
done
sort -n "$dir/tasks.log"
for node in one two; do
	grep -q "on $node" "$dir/tasks.log" || { echo "node $node computed nothing" >&2; exit 1; }
done
grep -q "start 1" "$dir/tasks.log" || { echo "no task was killed and started again: the test shows nothing" >&2; exit 1; }
diff -r "$dir/undisturbed" "$dir/shared/country"
echo "The array of Slurm on two nodes has the same bytes as one process."
