package sparrow.webrtc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A UDP port before the server's, which loses some datagrams in each direction and delays the others differently. */
final class LossyRelay implements AutoCloseable {
    private final DatagramChannel front = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Map<SocketAddress, DatagramChannel> clients = new ConcurrentHashMap<>();
    private final Random random = new Random(7);
    private final AtomicInteger lost = new AtomicInteger();
    private final InetSocketAddress server;
    private final double loss;
    private final int jitterMs;

    LossyRelay(int serverPort, double loss, int jitterMs) throws IOException {
        this.server = new InetSocketAddress("127.0.0.1", serverPort);
        this.loss = loss;
        this.jitterMs = jitterMs;
        Thread.ofVirtual().start(() -> pump(front, null));
    }

    int port() throws IOException {
        return ((InetSocketAddress) front.getLocalAddress()).getPort();
    }

    int lost() {
        return lost.get();
    }

    /** @param client the address of the client that a back channel belongs to, or null for the front channel */
    private void pump(DatagramChannel from, SocketAddress client) {
        ByteBuffer buffer = ByteBuffer.allocate(2048);
        try {
            while (true) {
                buffer.clear();
                SocketAddress source = from.receive(buffer);
                byte[] datagram = java.util.Arrays.copyOf(buffer.array(), buffer.position());
                if (client == null) {
                    DatagramChannel back = clients.computeIfAbsent(source, this::open);
                    forward(() -> back.write(ByteBuffer.wrap(datagram)));
                } else {
                    forward(() -> front.send(ByteBuffer.wrap(datagram), client));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private DatagramChannel open(SocketAddress client) {
        try {
            DatagramChannel back = DatagramChannel.open().connect(server);
            Thread.ofVirtual().start(() -> pump(back, client));
            return back;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private interface Sending {
        void run() throws IOException;
    }

    private synchronized void forward(Sending sending) {
        if (random.nextDouble() < loss) {
            lost.incrementAndGet();
            return;
        }
        timer.schedule(
                () -> {
                    sending.run();
                    return null;
                },
                random.nextInt(jitterMs * 1000 + 1),
                TimeUnit.MICROSECONDS);
    }

    @Override
    public void close() throws IOException {
        front.close();
        for (DatagramChannel back : clients.values()) back.close();
        timer.shutdownNow();
    }
}
