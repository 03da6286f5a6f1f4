package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import sparrow.server.Wire;
import sparrow.server.audio.Pcm16;
import sparrow.server.realtime.session.TalkingModel;
import sparrow.speech.wave.Waveform;

/** Many turns over some connections, with interruptions and lost connections: what the process holds stays what it was. */
@EnabledIfSystemProperty(named = "sparrow.soak", matches = "true", disabledReason = "takes minutes; -Psoak")
class RealtimeSoakTest {
    private static final int CONNECTIONS = 8;
    private static final int TURNS = Integer.getInteger("sparrow.soak.turns", 1000);
    private static final String KEY = "openai-insecure-api-key.secret";

    /**
     * What the process holds.
     *
     * @param heap bytes that are reachable
     * @param direct bytes of buffers outside of the heap
     * @param threads of the platform
     * @param files that are open; 0 where nobody knows
     */
    private record Holding(long heap, long direct, int threads, long files) {
        /** The least of some looks: cleaners of buffers run a while after the collector. */
        static Holding now() {
            Holding least = once();
            for (int i = 0; i < 10; i++) {
                LockSupport.parkNanos(100_000_000);
                Holding next = once();
                least = new Holding(
                        Math.min(least.heap, next.heap),
                        Math.min(least.direct, next.direct),
                        Math.min(least.threads, next.threads),
                        Math.min(least.files, next.files));
            }
            return least;
        }

        private static Holding once() {
            System.gc();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getOpenFileDescriptorCount()
                    : 0;
            return new Holding(heap, direct, ManagementFactory.getThreadMXBean().getThreadCount(), files);
        }
    }

    @Test
    void manyTurnsLeaveTheProcessAsItWas() throws Exception {
        try (TalkingModel model = new TalkingModel();
                TestServer server = new TestServer(
                        model.served(),
                        TestServer.options(2 * CONNECTIONS, TestServer.HALF_A_MINUTE),
                        key -> key.equals(Optional.of("secret")))) {
            talk(server.port(), Math.max(CONNECTIONS, TURNS / 5), 1);
            awaitEnd(model, server);
            Holding before = Holding.now();

            talk(server.port(), TURNS, 2);

            awaitEnd(model, server);
            Holding after = Holding.now();
            assertThat(after.heap()).as("heap, before: %s", before).isLessThan(before.heap() + (24 << 20));
            assertThat(after.direct()).as("direct, before: %s", before).isLessThan(before.direct() + (16 << 20));
            assertThat(after.threads()).as("threads, before: %s", before).isLessThanOrEqualTo(before.threads() + 4);
            assertThat(after.files()).as("files, before: %s", before).isLessThanOrEqualTo(before.files() + 8);
        }
    }

    private static void awaitEnd(TalkingModel model, TestServer server) {
        Wire.until(() -> server.sessions().count() == 0 && model.pool().status().active() == 0);
    }

    private static void talk(int port, int turns, long seed) throws Exception {
        try (ExecutorService talkers = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Random random = new Random(100 * seed + i);
                all.add(talkers.submit(() -> talk(port, turns / CONNECTIONS, random)));
            }
            for (Future<?> one : all) one.get();
        }
    }

    private static void talk(int port, int turns, Random random) {
        PlainClient client = connect(port);
        try {
            for (int i = 0; i < turns; i++) {
                say(client, 1 + random.nextInt(12));
                silence(client);
                client.await("\"response.created\"");
                boolean interrupts = random.nextInt(10) < 3;
                String heard = interrupts
                        ? client.await("\"response.output_audio.delta\"", "\"response.done\"")
                        : client.await("\"response.done\"");
                if (heard.contains("delta")) interrupt(client, heard, 1 + random.nextInt(12));
                if (random.nextInt(25) == 0) {
                    client.close();
                    client = connect(port);
                }
            }
        } finally {
            client.close();
        }
    }

    private static PlainClient connect(int port) {
        PlainClient client = new PlainClient(port, true, "realtime", KEY);
        client.await("\"session.created\"");
        client.send("{\"type\":\"session.update\",\"session\":{\"max_output_tokens\":80}}");
        silence(client);
        return client;
    }

    private static void interrupt(PlainClient client, String delta, int question) {
        String item = delta.replaceAll("(?s).*\"item_id\":\"([^\"]*)\".*", "$1");
        say(client, question);
        client.await("\"response.done\"");
        client.send("{\"type\":\"conversation.item.truncate\",\"item_id\":\"" + item
                + "\",\"content_index\":0,\"audio_end_ms\":80}");
        silence(client);
        client.await("\"response.created\"");
        client.await("\"response.done\"");
    }

    private static void say(PlainClient client, int question) {
        append(client, TalkingModel.question(question).at(24_000).samples());
    }

    private static void silence(PlainClient client) {
        append(client, new float[24_000]);
    }

    private static void append(PlainClient client, float[] samples) {
        String audio = Base64.getEncoder().encodeToString(Pcm16.encode(new Waveform(samples, 24_000).samples()));
        client.send("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + audio + "\"}");
    }
}
