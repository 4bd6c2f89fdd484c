/** Stands in the watchdog's command line, by which a later start knows it. */
export const watchdogName = 'quotemaster-postgres-watchdog';

/**
 * The shell script that runs the server (its arguments) and ends it when its standard input ends.
 *
 * The input is a pipe whose other end only our process holds: the kernel closes it however we die. The server is asked
 * for a fast shutdown, after 3.5 s for an immediate one, and after 4.5 s it is killed. Exits as the server did.
 */
export const watchdogScript = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(
  read -r _ <&3
  for step in INT:35 QUIT:10 KILL:10; do
    kill -"\${step%:*}" "$server" || exit 0
    left="\${step#*:}"
    while [ "$left" -gt 0 ]; do
      kill -0 "$server" || exit 0
      sleep 0.1
      left=$((left - 1))
    done
  done
) >/dev/null 2>&1 &
reader=$!
exec 3<&-
wait "$server"
code=$?
kill "$reader" 2>/dev/null
exit "$code"
`;
