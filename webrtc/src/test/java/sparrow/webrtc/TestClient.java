package sparrow.webrtc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import sparrow.server.call.CallPort;
import sparrow.speech.wave.WavFile;

/** The client of a call, for a network without losses: offer and answer, the socket, and the checks. */
public final class TestClient implements AutoCloseable {
    /** Number of mutated datagrams before each datagram. */
    private static final int FORGERIES = 3;

    final TestAudio audio = new TestAudio(this);
    final TestDataChannel events;
    private final String own;
    private final String user;
    private final String password;
    private volatile DatagramChannel channel;
    private volatile boolean closed;
    private volatile boolean withoutChecks;
    private volatile boolean vanished;
    private volatile Random forger;

    /** Sends an offer to a server, and returns the answer. */
    interface Signalling {
        String answer(String offer) throws Exception;
    }

    /** Places a call. */
    TestClient(URI server) throws Exception {
        this(offer -> post(server, offer));
    }

    /** Places a call on a port without a server. */
    TestClient(UdpPort port, CallPort.Caller caller) throws Exception {
        this(offer -> port.answer(offer, caller));
    }

    TestClient(Signalling signalling) throws Exception {
        this(signalling, Integer.MAX_VALUE, List.of());
    }

    /**
     * Places a call.
     *
     * @param maxRecords the number of datagrams of DTLS after which no more are sent
     * @param first datagrams that are sent from the client's address before its first check
     */
    TestClient(Signalling signalling, int maxRecords, List<byte[]> first) throws Exception {
        DtlsServer.Identity identity = new DtlsServer.Identity();
        events = new TestDataChannel(this, identity, maxRecords);
        String answer = signalling.answer(offer(identity.fingerprint()));
        own = identity.fingerprint().replace(":", "").substring(0, 8);
        user = attribute(answer, "ice-ufrag");
        password = attribute(answer, "ice-pwd");
        String[] candidate = attribute(answer, "candidate").split(" ");
        channel = DatagramChannel.open().connect(new InetSocketAddress(candidate[4], Integer.parseInt(candidate[5])));
        first.forEach(this::sendRaw);
        Thread.ofVirtual().start(() -> read(channel));
        Thread.ofVirtual().start(this::check);
        Thread.ofVirtual().start(events::run);
    }

    /** Asks a recorded question in a call, and returns the text of the answer after all of it was played. */
    public static String ask(URI server, Path question) throws Exception {
        try (TestClient client = new TestClient(server).awaitConnected()) {
            client.events.await("session.created");
            client.audio.say(WavFile.read(question));
            String text = client.events
                    .await("response.output_audio_transcript.done")
                    .get("transcript")
                    .asText();
            client.events.await("output_audio_buffer.stopped");
            if (client.audio.audibleFrames().isEmpty()) throw new IOException("no sound was heard");
            return text;
        }
    }

    TestClient awaitConnected() throws Exception {
        events.awaitOpen();
        return this;
    }

    // Offer and answer.

    /** Returns the offer of a client with a new certificate. */
    static String offer() {
        return offer(new DtlsServer.Identity().fingerprint());
    }

    private static String offer(String fingerprint) {
        return """
                v=0
                o=- 1 2 IN IP4 127.0.0.1
                s=-
                t=0 0
                a=group:BUNDLE 0 1
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                a=fingerprint:sha-256 %s
                a=setup:actpass
                a=ice-ufrag:%s
                a=ice-pwd:passwordOfTheClient
                a=mid:0
                a=rtpmap:111 opus/48000/2
                m=application 9 UDP/DTLS/SCTP webrtc-datachannel
                a=mid:1
                a=sctp-port:5000
                a=max-message-size:262144
                """.formatted(fingerprint, fingerprint.replace(":", "").substring(0, 8));
    }

    /** Sends an offer to a server, and returns the answer. */
    static String post(URI server, String offer) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/v1/realtime/calls"))
                .header("content-type", "application/sdp")
                .POST(HttpRequest.BodyPublishers.ofString(offer))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 201) throw new IOException(response.body());
            return response.body();
        }
    }

    static String attribute(String description, String name) {
        return description
                .lines()
                .filter(line -> line.startsWith("a=" + name + ":"))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 3);
    }

    // Checks.

    private void check() {
        while (!closed) {
            if (!withoutChecks) send(selection());
            LockSupport.parkNanos(500_000_000);
        }
    }

    /** Returns a check that selects the address from which it is sent. */
    byte[] selection() {
        return check(user, password);
    }

    static byte[] check(String user, String password) {
        byte[] name = (user + ":test").getBytes(StandardCharsets.UTF_8);
        int padded = name.length + 3 & ~3;
        ByteBuffer out = ByteBuffer.allocate(20 + 4 + padded + 4 + 24);
        byte[] transaction = new byte[12];
        new SecureRandom().nextBytes(transaction);
        out.putShort((short) 1)
                .putShort((short) (out.capacity() - 20))
                .putInt(0x2112A442)
                .put(transaction);
        out.putShort((short) 6).putShort((short) name.length).put(name).position(24 + padded);
        out.putShort((short) 0x25).putShort((short) 0);
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            mac.update(out.array(), 0, out.position());
            byte[] tag = mac.doFinal();
            out.putShort((short) 8).putShort((short) 20).put(tag);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return out.array();
    }

    /** Sends no more checks. */
    void stopChecks() {
        withoutChecks = true;
    }

    /** Sends nothing more, as if the machine was switched off. */
    void vanish() {
        vanished = true;
    }

    // The socket.

    private void read(DatagramChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(2048);
        try {
            while (!closed) {
                buffer.clear();
                int length = channel.read(buffer);
                byte[] datagram = Arrays.copyOf(buffer.array(), length);
                if (isChallenge(datagram)) send(response(datagram));
                else if (isRecord(datagram)) events.receive(datagram, audio.newestFrame());
                else if (datagram[0] < 0 && audio.isStarted()) audio.receive(datagram);
            }
        } catch (IOException e) {
            if (channel == this.channel) closed = true;
        }
    }

    /** Returns whether a datagram is a check with the client's user name. */
    private boolean isChallenge(byte[] datagram) {
        return datagram[0] == 0
                && StunRequest.read(datagram, datagram.length, name -> name.equals(own) ? "passwordOfTheClient" : null)
                        .isPresent();
    }

    private static byte[] response(byte[] challenge) {
        byte[] response = Arrays.copyOf(challenge, 20);
        return ByteBuffer.wrap(response)
                .putShort(0, (short) 0x0101)
                .putShort(2, (short) 0)
                .array();
    }

    /** Returns whether a datagram belongs to DTLS. */
    private static boolean isRecord(byte[] datagram) {
        return datagram[0] >= 20 && datagram[0] <= 63;
    }

    /** Sends a datagram from the client's address, with forged ones before it after {@link #forge}. */
    void send(byte[] datagram) {
        if (vanished) return;
        boolean isHandshake = isRecord(datagram) && !audio.isStarted();
        if (forger instanceof Random random && !isHandshake) {
            for (int i = 0; i < FORGERIES; i++) sendRaw(mutated(datagram, random));
        }
        sendRaw(datagram);
    }

    /** Sends a datagram from the client's address. */
    void sendRaw(byte[] datagram) {
        try {
            channel.write(ByteBuffer.wrap(datagram));
        } catch (IOException e) {
            closed = true;
        }
    }

    /**
     * Sends mutated copies before each datagram from now on, as somebody could who observes the call and forges the
     * client's address. Messages of the handshake are sent without such copies, because they are not protected.
     */
    void forge(Random random) {
        forger = random;
    }

    /** Returns a copy with some other bits, and sometimes with another length. */
    static byte[] mutated(byte[] bytes, Random random) {
        byte[] copy =
                random.nextInt(4) > 0 ? bytes.clone() : Arrays.copyOf(bytes, 1 + random.nextInt(2 * bytes.length));
        // Most lengths and types are at the beginning.
        int bound = random.nextBoolean() ? copy.length : Math.min(copy.length, 40);
        for (int i = random.nextInt(4); i >= 0; i--) copy[random.nextInt(bound)] ^= (byte) (1 << random.nextInt(8));
        return copy;
    }

    /** Continues from another address. */
    void move() throws IOException {
        DatagramChannel before = channel;
        channel = DatagramChannel.open().connect(before.getRemoteAddress());
        before.close();
        Thread.ofVirtual().start(() -> read(channel));
        send(selection());
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends the call without notifying the server. */
    void end() {
        closed = true;
    }

    @Override
    public void close() throws IOException {
        if (!closed) events.close();
        closed = true;
        channel.close();
    }
}
