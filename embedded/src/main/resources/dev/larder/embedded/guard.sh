# Runs an engine that must not outlive this shell's parent.
# stdin = a pipe from the parent on which nothing is ever written: its end is the parent's end, kill -9 included.
# $1 = the engine, $2 = its configuration. Prints the engine's pid; ends with the engine's status.
umask 077
exec 3<&0 2>redis.out
# A terminal's Ctrl-C reaches the whole process group; only the pipe decides when it is over.
trap '' HUP INT QUIT TERM
# For the same reason the engine gets a group of its own. Not by `set -m`: with a terminal, dash would take the
# foreground away from the parent, or stop it.
if command -v setsid >/dev/null 2>&1; then
  set -- setsid "$@"
elif command -v perl >/dev/null 2>&1; then
  set -- perl -e 'setpgrp(0, 0); exec { $ARGV[0] } @ARGV' "$@"
fi
(trap - HUP INT QUIT TERM; exec "$@" </dev/null >&2 3<&-) &
engine=$!
echo "$engine"
exec 1>&-
(
  read -r nothing <&3
  # Again and again, as one that is just being started does not hear it yet; and CONT, as a paused one
  # never would.
  seconds=0
  while [ "$seconds" -lt 10 ] && kill -TERM "$engine" && kill -CONT "$engine"; do
    sleep 1
    seconds=$((seconds + 1))
  done
  [ "$seconds" -lt 10 ] || kill -KILL "$engine"
) 2>/dev/null &
watcher=$!
exec 3<&-
wait "$engine"
status=$?
# Before the engine's pid can belong to somebody else.
kill -KILL "$watcher" 2>/dev/null
exit "$status"
