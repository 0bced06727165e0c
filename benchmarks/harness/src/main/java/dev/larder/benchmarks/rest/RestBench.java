package dev.larder.benchmarks.rest;

import static dev.larder.benchmarks.driver.DataSet.key;

import dev.larder.benchmarks.compare.Bench;
import dev.larder.benchmarks.compare.Measurement;
import dev.larder.benchmarks.compare.Pace;
import dev.larder.benchmarks.compare.Ratio;
import dev.larder.benchmarks.compare.Rounds;
import dev.larder.benchmarks.compare.Subject;
import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.process.BenchException;
import dev.larder.benchmarks.process.MavenBuild;
import dev.larder.benchmarks.process.Processes;
import dev.larder.benchmarks.process.Ready;
import dev.larder.benchmarks.process.RedisEngine;
import dev.larder.benchmarks.process.Running;
import dev.larder.benchmarks.process.Tool;
import dev.larder.benchmarks.rest.HttpSubject.Work;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Redis over REST: our node against webdis, against redis-benchmark, which has no door to pass, and
 * against nginx, whose answer asks nobody. All on one engine.
 */
public final class RestBench implements Bench {
  private static final String TOKEN = "bench-token";
  private static final String LOOPBACK = "127.0.0.1";
  private static final Path JAR = Path.of("server/target/larder.jar");

  /** What the scripts of wrk read and write. */
  private static final DataSet DATA = DataSet.named("uniform-64");

  @Override
  public String name() {
    return "rest";
  }

  @Override
  public List<Tool> tools() {
    return List.of(
        Tool.REDIS_SERVER, Tool.REDIS_CLI, Tool.REDIS_BENCHMARK, Tool.WEBDIS, Tool.NGINX, Tool.WRK);
  }

  @Override
  public Pace pace() {
    return new Pace(Duration.ofSeconds(8), Duration.ofSeconds(6), 5);
  }

  @Override
  public List<Ratio> run(Processes processes, Pace pace, DataSet data, PrintStream out)
      throws InterruptedException {
    if (!data.name().equals(DATA.name())) {
      throw new BenchException("it reads " + DATA.name() + " only");
    }
    MavenBuild.run(
        List.of("server"),
        List.of(JAR),
        Stream.of("pom.xml", "core", "embedded", "server").map(Path::of).toList(),
        processes,
        out);
    RedisEngine engine = RedisEngine.start(processes, DATA);
    out.println("engine: " + Tool.REDIS_SERVER.path() + " " + engine.version());
    Door larder = larder(processes, engine);
    Door webdis = webdis(processes, engine);
    Door nginx = nginx(processes);
    Load load = new Load(new Wrk(processes), engine);
    Subject larderGet = load.on("larder GET", larder, "get.lua", "/get/", Work.GET);
    Subject webdisGet = load.on("webdis GET", webdis, "get.lua", "/GET/", Work.GET);
    Subject nginxGet = load.on("nginx return 200", nginx, "get.lua", "/get/", Work.NONE);
    Subject larderSet = load.on("larder SET", larder, "set.lua", "/set/", Work.SET);
    Subject webdisSet = load.on("webdis SET", webdis, "set.lua", "/SET/", Work.SET);
    Subject larderPipeline =
        load.on("larder /pipeline of 16", larder, "pipeline.lua", "/pipeline", Work.SIXTEEN_GETS);
    Subject redisBenchmark = new RedisBenchmarkSubject(processes, engine);

    verify(larder.url, webdis.url, nginx.url, engine);
    Rounds rounds =
        Rounds.run(
            List.of(
                larderGet,
                webdisGet,
                nginxGet,
                larderSet,
                webdisSet,
                larderPipeline,
                redisBenchmark),
            pace,
            out);
    verify(larder.url, webdis.url, nginx.url, engine);
    Ratio stalled =
        new Stall(processes, engine, larder.url + "/get/" + key(0), TOKEN).slowest(pace.rounds());

    return List.of(
        Ratio.of("get/webdis", rounds.of(larderGet), rounds.of(webdisGet), Measurement::perSecond),
        Ratio.of("set/webdis", rounds.of(larderSet), rounds.of(webdisSet), Measurement::perSecond),
        Ratio.of("cpu/webdis", rounds.of(larderGet), rounds.of(webdisGet), Measurement::cpuMicros),
        Ratio.of("p99/webdis", rounds.of(larderGet), rounds.of(webdisGet), Measurement::p99Millis),
        Ratio.of(
            "pipeline/webdis",
            rounds.of(larderPipeline),
            rounds.of(webdisGet),
            Measurement::perSecond),
        Ratio.of(
            "pipeline/redis-benchmark",
            rounds.of(larderPipeline),
            rounds.of(redisBenchmark),
            Measurement::perSecond),
        Ratio.of("get/nginx", rounds.of(larderGet), rounds.of(nginxGet), Measurement::perSecond),
        stalled);
  }

  private record Door(Running running, String url) {
    Door(Running running, int port) {
      this(running, "http://" + LOOPBACK + ":" + port);
    }
  }

  private record Load(Wrk wrk, RedisEngine engine) {
    Subject on(String label, Door door, String script, String path, Work work) {
      List<Running> servers =
          work == Work.NONE ? List.of(door.running) : List.of(door.running, engine.running());
      return new HttpSubject(label, wrk, door.url, script, path, TOKEN, servers, work, engine);
    }
  }

  private static Door larder(Processes processes, RedisEngine engine) throws InterruptedException {
    int port = Ready.freePort();
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            JAR.toAbsolutePath().toString(),
            "serve",
            "--port",
            Integer.toString(port),
            "--token",
            TOKEN,
            "--redis",
            engine.uri(),
            "--data",
            processes.folder().resolve("larder").toString());
    return new Door(processes.start("larder", command, Ready.onLine("larder is ready")), port);
  }

  private static Door webdis(Processes processes, RedisEngine engine) throws InterruptedException {
    int port = Ready.freePort();
    // As Debian ships it: two threads. Requests are not logged.
    String config =
        """
        {"redis_host": "%s", "redis_port": %d, "redis_auth": "%s", "database": 0,
         "http_host": "%s", "http_port": %d, "threads": 2, "daemonize": false,
         "verbosity": 0, "logfile": "%s"}
        """
            .formatted(
                LOOPBACK,
                engine.port(),
                RedisEngine.PASSWORD,
                LOOPBACK,
                port,
                processes.folder().resolve("webdis.log"));
    List<String> command =
        List.of(Tool.WEBDIS.path(), written(processes, "webdis.json", config).toString());
    return new Door(processes.start("webdis", command, Ready.onPort(port)), port);
  }

  private static Door nginx(Processes processes) throws InterruptedException {
    int port = Ready.freePort();
    String config =
        """
        daemon off;
        worker_processes 1;
        pid nginx.pid;
        error_log stderr;
        events { worker_connections 1024; }
        http {
          access_log off;
          default_type application/json;
          keepalive_timeout 1h;
          keepalive_requests 1000000000;
          client_body_temp_path temp;
          proxy_temp_path temp;
          fastcgi_temp_path temp;
          uwsgi_temp_path temp;
          scgi_temp_path temp;
          server {
            listen %s:%d;
            location / { return 200 '%s'; }
          }
        }
        """
            .formatted(LOOPBACK, port, result(0));
    String file = written(processes, "nginx.conf", config).toString();
    List<String> command =
        List.of(Tool.NGINX.path(), "-e", "stderr", "-p", processes.folder().toString(), "-c", file);
    return new Door(processes.start("nginx", command, Ready.onPort(port)), port);
  }

  private static Path written(Processes processes, String name, String text) {
    try {
      return Files.writeString(processes.folder().resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each door answers what it should, and our node asks for its token. */
  private static void verify(String larder, String webdis, String nginx, RedisEngine engine)
      throws InterruptedException {
    Answers answers = new Answers(TOKEN);
    int last = DataSet.KEYS - 1;
    for (int n : new int[] {0, 1, 4711, last}) {
      answers.expect(larder + "/get/" + key(n), result(n));
      answers.expect(webdis + "/GET/" + key(n), "{\"GET\":\"" + value(n) + "\"}");
      expectStored(engine, n, value(n));
    }
    answers.expect(nginx + "/get/" + key(0), result(0));
    new Answers("not-" + TOKEN).expectStatus(larder + "/get/" + key(0), 401);

    for (String set : List.of(larder + "/set/", webdis + "/SET/")) {
      String ok = set.startsWith(larder) ? "{\"result\":\"OK\"}" : "{\"SET\":[true,\"OK\"]}";
      answers.expect(set + key(last) + "/" + value(0), ok);
      expectStored(engine, last, value(0));
      answers.expect(set + key(last) + "/" + value(last), ok);
      expectStored(engine, last, value(last));
    }

    List<Integer> sixteen = IntStream.range(32, 48).boxed().toList();
    String commands =
        sixteen.stream()
            .map(n -> "[\"GET\",\"" + key(n) + "\"]")
            .collect(Collectors.joining(",", "[", "]"));
    answers.expectPosted(
        larder + "/pipeline",
        commands,
        sixteen.stream().map(RestBench::result).collect(Collectors.joining(",", "[", "]")));
  }

  private static void expectStored(RedisEngine engine, int n, String value)
      throws InterruptedException {
    String stored = engine.ask("GET " + key(n));
    if (!stored.equals(value)) {
      throw new BenchException(
          "the engine should hold " + value + " at " + key(n) + ", holds " + stored);
    }
  }

  private static String value(int n) {
    return DATA.value(n);
  }

  private static String result(int n) {
    return "{\"result\":\"" + value(n) + "\"}";
  }
}
