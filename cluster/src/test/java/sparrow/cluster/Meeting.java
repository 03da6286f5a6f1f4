package sparrow.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A test meets tasks here that are under way on executors: each says its name and waits until it may go on. */
final class Meeting implements AutoCloseable {
    private final ServerSocketChannel door = ServerSocketChannel.open();
    private final List<Visitor> visitors = new ArrayList<>();

    Meeting() throws IOException {
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** The text of a task that comes here. */
    String task(String name) throws IOException {
        return "meet " + ((InetSocketAddress) door.getLocalAddress()).getPort() + " " + name;
    }

    /** Waits for the next one. */
    Visitor await() throws IOException {
        SocketChannel channel = door.accept();
        ByteBuffer line = ByteBuffer.allocate(200);
        do {
            if (channel.read(line) < 0) throw new IOException("went away before it said its name");
        } while (line.get(line.position() - 1) != '\n');
        String[] words =
                new String(line.array(), 0, line.position(), UTF_8).strip().split(" ");
        Visitor visitor = new Visitor(Long.parseLong(words[0]), words[1], channel);
        visitors.add(visitor);
        return visitor;
    }

    /** A task that waits. */
    record Visitor(long pid, String name, SocketChannel channel) {
        void letGo() throws IOException {
            channel.write(ByteBuffer.allocate(1));
        }

        /** Kills its executor, as the system does with a process that takes too much memory. */
        void kill() {
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        }

        /** Returns when the task has ended without being let go. */
        void awaitEnd() throws IOException {
            try {
                while (channel.read(ByteBuffer.allocate(1)) >= 0) continue;
            } catch (IOException e) {
                // The other end was killed.
            }
        }
    }

    /** On the executor: comes to a meeting and waits. */
    static String visit(int port, String name) throws IOException {
        long pid = ProcessHandle.current().pid();
        try (SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            channel.write(ByteBuffer.wrap((pid + " " + name + "\n").getBytes(UTF_8)));
            if (channel.read(ByteBuffer.allocate(1)) < 0) throw new IOException("the meeting is over");
        }
        return name;
    }

    @Override
    public void close() throws IOException {
        for (Visitor visitor : visitors) visitor.channel.close();
        door.close();
    }
}
