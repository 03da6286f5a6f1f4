package sparrow.webrtc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SRTPProtectionProfile;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import sparrow.server.call.CallPort;
import sparrow.speech.wave.Waveform;

/** The client of a call, for a network without losses. */
final class TestClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Key of events: the newest frame when the event arrived. */
    static final String FRAME = "frame";

    private static final int FIRST_TSN = 100;
    private static final int TAG = 77;

    /** Amplitude from which a sample is audible. */
    static final int AUDIBLE = 300;

    /** Number of mutated datagrams before each datagram. */
    private static final int FORGERIES = 3;

    /** Number of RTP ticks in a frame of 20 ms. */
    private static final int TICKS = 960;

    private volatile DatagramChannel channel;
    private final DtlsServer.Identity identity;
    private final BlockingQueue<Arrived> records = new LinkedBlockingQueue<>();
    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final RtpReceiver receiver = new RtpReceiver(111, this::hear);
    private final RtpSender sender = new RtpSender(111, 12_345);
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final String user;
    private final String password;
    private volatile Srtp inbound;
    private volatile Srtp outbound;
    private volatile boolean closed;
    private volatile boolean silent;
    private volatile Random forger;
    private volatile int audioPackets;
    private final CompletableFuture<Void> reported = new CompletableFuture<>();

    /** Packets that the microphone sends next. */
    final Queue<byte[]> spoken = new ConcurrentLinkedQueue<>();

    private volatile long firstSound;

    /** The number of the newest frame by the server's clock: its RTP timestamp in units of 20 ms. */
    private volatile int newestFrame;

    private final List<Integer> audibleFrames = new CopyOnWriteArrayList<>();

    /** The newest frame when the record that is being processed arrived. */
    private int recordFrame;

    /** @param frame the newest frame when the record arrived */
    private record Arrived(byte[] record, int frame) {}

    private DTLSTransport dtls;
    private final int maxRecords;
    private int sentRecords;

    // SCTP.
    private int serverTag;
    private int nextTsn = FIRST_TSN;
    private int received;
    private final Map<Integer, byte[]> fragments = new HashMap<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /** Places a call. */
    TestClient(URI server) throws Exception {
        this(server, new DtlsServer.Identity(), null);
    }

    /** @param fingerprint the certificate that the offer announces, or null for the one that is used */
    TestClient(URI server, DtlsServer.Identity identity, String fingerprint) throws Exception {
        this(offer -> post(server, offer), identity, fingerprint == null ? identity.fingerprint() : fingerprint);
    }

    /** Places a call on a port without a server. */
    TestClient(UdpPort port, CallPort.Caller caller) throws Exception {
        this(offer -> port.answer(offer, caller), new DtlsServer.Identity());
    }

    /** Sends an offer to a server, and returns the answer. */
    interface Signalling {
        String answer(String offer) throws Exception;
    }

    TestClient(Signalling signalling, DtlsServer.Identity identity) throws Exception {
        this(signalling, identity, identity.fingerprint());
    }

    private TestClient(Signalling signalling, DtlsServer.Identity identity, String fingerprint) throws Exception {
        this(signalling, identity, fingerprint, Integer.MAX_VALUE);
    }

    /** @param maxRecords the number of datagrams of DTLS after which no more are sent */
    TestClient(Signalling signalling, DtlsServer.Identity identity, String fingerprint, int maxRecords)
            throws Exception {
        this.maxRecords = maxRecords;
        this.identity = identity;
        String answer = signalling.answer(offer(fingerprint));
        user = attribute(answer, "ice-ufrag");
        password = attribute(answer, "ice-pwd");
        String[] candidate = attribute(answer, "candidate").split(" ");
        channel = DatagramChannel.open().connect(new InetSocketAddress(candidate[4], Integer.parseInt(candidate[5])));
        Thread.ofVirtual().start(() -> read(channel));
        Thread.ofVirtual().start(this::check);
        Thread.ofVirtual().start(this::run);
    }

    static String offer(String fingerprint) {
        return """
                v=0
                o=- 1 2 IN IP4 127.0.0.1
                s=-
                t=0 0
                a=group:BUNDLE 0 1
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                a=fingerprint:sha-256 %s
                a=setup:actpass
                a=mid:0
                a=rtpmap:111 opus/48000/2
                m=application 9 UDP/DTLS/SCTP webrtc-datachannel
                a=mid:1
                a=sctp-port:5000
                a=max-message-size:262144
                """.formatted(fingerprint);
    }

    private static String post(URI server, String offer) throws IOException, InterruptedException {
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

    // The network.

    private void send(byte[] datagram) {
        boolean isHandshake = datagram[0] >= 20 && datagram[0] <= 63 && inbound == null;
        if (forger instanceof Random random && !isHandshake) {
            for (int i = 0; i < FORGERIES; i++) sendRaw(mutated(datagram, random));
        }
        sendRaw(datagram);
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

    /** Sends a datagram from the client's address. */
    void sendRaw(byte[] datagram) {
        try {
            channel.write(ByteBuffer.wrap(datagram));
        } catch (IOException e) {
            closed = true;
        }
    }

    private void read(DatagramChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(2048);
        try {
            while (!closed) {
                buffer.clear();
                int length = channel.read(buffer);
                byte[] datagram = Arrays.copyOf(buffer.array(), length);
                int first = datagram[0] & 0xff;
                if (first >= 20 && first <= 63) records.add(new Arrived(datagram, newestFrame));
                else if (first >= 128 && inbound != null) media(datagram);
            }
        } catch (IOException e) {
            if (channel == this.channel) closed = true;
        }
    }

    private void media(byte[] datagram) {
        int type = datagram[1] & 0xff;
        if (type >= 192 && type <= 223) {
            reported.complete(null);
            return;
        }
        audioPackets++;
        inbound.unprotect(datagram, datagram.length).ifPresent(packet -> {
            newestFrame = ByteBuffer.wrap(packet).getInt(4) / TICKS;
            receiver.accept(packet, System.nanoTime());
        });
    }

    private synchronized void hear(byte[] pcm) {
        boolean audible = false;
        for (int i = 0; i < pcm.length; i += 2)
            audible |= Math.abs((short) (pcm[i] & 0xff | pcm[i + 1] << 8)) > AUDIBLE;
        if (audible) audibleFrames.add(newestFrame);
        if (audible && firstSound == 0) firstSound = System.nanoTime();
        heard.writeBytes(pcm);
    }

    /** Returns the numbers of the frames with audible samples. */
    List<Integer> audibleFrames() {
        return audibleFrames;
    }

    /** Waits for the next audible frame. */
    void awaitSound() {
        int count = audibleFrames.size();
        while (audibleFrames.size() == count && !closed) LockSupport.parkNanos(1_000_000);
    }

    /** Waits until a second without audible frames has passed after an audible frame. */
    void awaitSilence() {
        while ((audibleFrames.isEmpty() || newestFrame - audibleFrames.getLast() < 50) && !closed) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Waits for a frame. */
    void awaitFrame(int number) {
        while (newestFrame - number < 0 && !closed) LockSupport.parkNanos(1_000_000);
    }

    private void check() {
        while (!closed) {
            if (!silent) send(check(user, password));
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
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return out.array();
    }

    // DTLS and SCTP.

    private void run() {
        try {
            dtls = new DTLSClientProtocol().connect(new Dtls(), new Records());
            ByteBuffer init = ByteBuffer.allocate(16);
            init.putInt(TAG)
                    .putInt(1 << 20)
                    .putShort((short) 10)
                    .putShort((short) 10)
                    .putInt(FIRST_TSN);
            send(0, 1, 0, init.array());
            byte[] buffer = new byte[2048];
            while (!closed) {
                int length = dtls.receive(buffer, 0, buffer.length, 100);
                if (length > 0) receive(ByteBuffer.wrap(buffer, 0, length));
            }
        } catch (IOException e) {
            closed = true;
            connected.completeExceptionally(e);
        }
    }

    private final class Dtls extends DefaultTlsClient {
        Dtls() {
            super(identity.crypto);
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Hashtable getClientExtensions() throws IOException {
            Hashtable extensions = super.getClientExtensions();
            int[] profile = {SRTPProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80};
            TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(profile, TlsUtils.EMPTY_BYTES));
            return extensions;
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate certificate) {}

                @Override
                public TlsCredentials getClientCredentials(CertificateRequest request) {
                    return new BcDefaultTlsCredentialedSigner(
                            new TlsCryptoParameters(context),
                            identity.crypto,
                            identity.key,
                            identity.certificate,
                            DtlsServer.Identity.SIGNATURE);
                }
            };
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            byte[] keys = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 60);
            outbound = new Srtp(Arrays.copyOf(keys, 16), Arrays.copyOfRange(keys, 32, 46));
            inbound = new Srtp(Arrays.copyOfRange(keys, 16, 32), Arrays.copyOfRange(keys, 46, 60));
        }
    }

    private final class Records implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return 1500;
        }

        @Override
        public int getSendLimit() {
            return 1300;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
            try {
                Arrived arrived = records.poll(waitMillis, TimeUnit.MILLISECONDS);
                if (closed) throw new IOException("closed");
                if (arrived == null) return -1;
                byte[] record = arrived.record();
                recordFrame = arrived.frame();
                System.arraycopy(record, 0, buffer, offset, Math.min(length, record.length));
                return record.length;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {
            if (sentRecords++ < maxRecords) TestClient.this.send(Arrays.copyOfRange(buffer, offset, offset + length));
        }

        @Override
        public void close() {}
    }

    private synchronized void send(int tag, int type, int flags, byte[] body) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(12 + (4 + body.length + 3 & ~3));
        out.putShort((short) 5000).putShort((short) 5000).putInt(tag).putInt(0);
        out.put((byte) type)
                .put((byte) flags)
                .putShort((short) (4 + body.length))
                .put(body);
        CRC32C crc = new CRC32C();
        crc.update(out.array());
        out.putInt(8, Integer.reverseBytes((int) crc.getValue()));
        dtls.send(out.array(), 0, out.capacity());
    }

    private synchronized void data(int protocol, byte[] data) throws IOException {
        for (int at = 0; at < data.length; at += 1000) {
            int end = Math.min(data.length, at + 1000);
            ByteBuffer body = ByteBuffer.allocate(12 + end - at);
            body.putInt(nextTsn++)
                    .putShort((short) 1)
                    .putShort((short) 0)
                    .putInt(protocol)
                    .put(data, at, end - at);
            send(serverTag, 0, (at == 0 ? 2 : 0) | (end == data.length ? 1 : 0), body.array());
        }
    }

    private void receive(ByteBuffer packet) throws IOException {
        int type = packet.get(12);
        int flags = packet.get(13);
        int length = packet.getShort(14) - 4;
        ByteBuffer body = packet.slice(16, length);
        switch (type) {
            case 2 -> {
                serverTag = body.getInt(0);
                received = body.getInt(12) - 1;
                byte[] cookie = new byte[body.getShort(18) - 4];
                body.get(20, cookie);
                send(serverTag, 10, 0, cookie);
            }
            case 11 -> {
                byte[] label = CallPort.CHANNEL.getBytes(StandardCharsets.UTF_8);
                ByteBuffer open = ByteBuffer.allocate(12 + label.length);
                open.put((byte) 3)
                        .put(new byte[7])
                        .putShort((short) label.length)
                        .putShort((short) 0)
                        .put(label);
                data(50, open.array());
            }
            case 0 -> {
                byte[] data = new byte[length - 12];
                body.get(12, data);
                ByteBuffer entry = ByteBuffer.allocate(5 + data.length);
                entry.put((byte) flags).putInt(body.getInt(8)).put(data);
                fragments.put(body.getInt(0), entry.array());
                while (fragments.remove(received + 1) instanceof byte[] next) {
                    received++;
                    take(next);
                }
                ByteBuffer sack = ByteBuffer.allocate(12);
                sack.putInt(received).putInt(1 << 20);
                send(serverTag, 3, 0, sack.array());
            }
            case 6 -> closed = true;
            default -> {}
        }
    }

    private void take(byte[] fragment) throws IOException {
        if ((fragment[0] & 2) != 0) message.reset();
        message.write(fragment, 5, fragment.length - 5);
        if ((fragment[0] & 1) == 0) return;
        if (ByteBuffer.wrap(fragment).getInt(1) == 51) {
            events.add(((ObjectNode) JSON.readTree(message.toByteArray())).put(FRAME, recordFrame));
        } else connected.complete(null);
    }

    // What a test does.

    TestClient awaitConnected() throws Exception {
        connected.get(20, TimeUnit.SECONDS);
        return this;
    }

    void send(String event) throws IOException {
        data(51, event.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for an event of a type. */
    JsonNode await(String type) throws InterruptedException {
        List<String> before = new ArrayList<>();
        while (true) {
            JsonNode event = events.poll(60, TimeUnit.SECONDS);
            if (event == null) throw new AssertionError("expected " + type + ", received " + before);
            if (event.get("type").asText().equals(type)) return event;
            before.add(event.get("type").asText());
        }
    }

    /** Sends sound in real time, and then silence until the end of the turn was detected. */
    void say(Waveform question) {
        say(question, 20);
    }

    /** @param frameMs pause between frames of 20 ms */
    void say(Waveform question, int frameMs) {
        float[] samples = question.at(CallPort.RATE_HZ).samples();
        long begin = System.nanoTime();
        int frames = samples.length / CallPort.FRAME + 1 + 40;
        for (int i = 0; i < frames; i++) {
            short[] frame = new short[CallPort.FRAME];
            for (int j = 0; j < frame.length && i * frame.length + j < samples.length; j++) {
                frame[j] = (short) (samples[i * frame.length + j] * 32_767);
            }
            send(outbound.protect(sender.next(frame)));
            LockSupport.parkNanos(begin + i * frameMs * 1_000_000L - System.nanoTime());
        }
    }

    /**
     * Sends packets of RTP in real time from now on: those that are added to {@link #spoken}, or else the given one with
     * silence.
     */
    void switchMicrophoneOn(byte[] silence) {
        Thread.ofVirtual().start(() -> {
            long begin = System.nanoTime();
            for (int i = 0; !closed; i++) {
                byte[] next = spoken.poll();
                byte[] packet = (next == null ? silence : next).clone();
                ByteBuffer.wrap(packet).putShort(2, (short) i).putInt(4, TICKS * i);
                send(outbound.protect(packet));
                LockSupport.parkNanos(begin + i * 20_000_000L - System.nanoTime());
            }
        });
    }

    /** Returns the number of packets of audio that arrived before the first report, after waiting for it. */
    int packetsBeforeReport() {
        reported.orTimeout(30, TimeUnit.SECONDS).join();
        return audioPackets;
    }

    /** Returns the number of packets of audio that have arrived, after waiting for the first report. */
    int packetsWithReport() {
        reported.orTimeout(30, TimeUnit.SECONDS).join();
        return audioPackets;
    }

    /** Returns the time of the first audible sample, or 0 before. */
    long firstSound() {
        return firstSound;
    }

    synchronized Waveform heard() {
        byte[] bytes = heard.toByteArray();
        float[] samples = new float[bytes.length / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (bytes[2 * i] & 0xff | bytes[2 * i + 1] << 8) * 0x1p-15f;
        }
        return new Waveform(samples, CallPort.RATE_HZ);
    }

    synchronized void forget() {
        heard.reset();
        firstSound = 0;
    }

    /** Continues from another address. */
    void move() throws IOException {
        DatagramChannel before = channel;
        channel = DatagramChannel.open().connect(before.getRemoteAddress());
        before.close();
        Thread.ofVirtual().start(() -> read(channel));
        send(selection());
    }

    /** Sends no more checks, as if the machine was switched off. */
    void vanish() {
        silent = true;
    }

    /**
     * Sends mutated copies before each datagram from now on, as somebody could who observes the call and forges the
     * client's address. Messages of the handshake are sent without such copies, because they are not protected.
     */
    void forge(Random random) {
        forger = random;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() throws IOException {
        if (dtls != null && !closed) dtls.close();
        closed = true;
        channel.close();
    }
}
