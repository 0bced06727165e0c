# Runs a program that must not outlive this shell's parent.
# stdin = a pipe from the parent on which nothing is ever written: its end is the parent's end, kill -9 included.
# $1 = start, $2 = a file for what the program prints, then the program and its arguments. Prints the program's pid and
# whether the session is its own or shared with the parent; ends with the program's status.
umask 077
if [ "$1" = start ]; then
  shift
  # In a session of their own, this shell and the program get nothing of what is sent to the parent's process group: not
  # a terminal's Ctrl-C, which must leave the program to the parent's last steps, and not kill -9, which would leave the
  # program alone behind. Not by `set -m`: with a terminal, dash would take the foreground from the parent, or stop it.
  if command -v setsid >/dev/null 2>&1; then
    exec setsid /bin/sh "$0" own "$@"
  elif perl -MPOSIX -e 1 >/dev/null 2>&1; then
    exec perl -MPOSIX -e 'POSIX::setsid(); exec { $ARGV[0] } @ARGV' /bin/sh "$0" own "$@"
  fi
  set -- shared "$@"
fi
session=$1
exec 3<&0 2>"$2"
shift 2
# Only the pipe decides when it is over.
trap '' HUP INT QUIT TERM
(trap - HUP INT QUIT TERM; exec "$@" </dev/null >&2 3<&-) &
program=$!
echo "$program $session"
exec 1>&-
(
  read -r nothing <&3
  # Again and again, as one that is just being started does not hear it yet; and CONT, as a paused one
  # never would.
  seconds=0
  while [ "$seconds" -lt 10 ] && kill -TERM "$program" && kill -CONT "$program"; do
    sleep 1
    seconds=$((seconds + 1))
  done
  [ "$seconds" -lt 10 ] || kill -KILL "$program"
) 2>/dev/null &
watcher=$!
exec 3<&-
wait "$program"
status=$?
# Before the program's pid can belong to somebody else.
kill -KILL "$watcher" 2>/dev/null
exit "$status"
