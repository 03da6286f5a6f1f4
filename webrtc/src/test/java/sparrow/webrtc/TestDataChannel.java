package sparrow.webrtc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
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

/** The client's end of a call's data channel, over SCTP and DTLS. The handshake also generates the keys of the audio. */
final class TestDataChannel {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Key of events: the newest frame when the event arrived. */
    static final String FRAME = "frame";

    private static final int FIRST_TSN = 100;
    private static final int TAG = 77;

    private final TestClient client;
    private final DtlsServer.Identity identity;
    private final int maxRecords;
    private final BlockingQueue<Arrived> records = new LinkedBlockingQueue<>();
    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> open = new CompletableFuture<>();
    private DTLSTransport dtls;
    private int sentRecords;

    /** The newest frame when the record that is being processed arrived. */
    private int recordFrame;

    private int serverTag;
    private int nextTsn = FIRST_TSN;
    private int received;
    private final Map<Integer, byte[]> fragments = new HashMap<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /** @param frame the newest frame when the record arrived */
    private record Arrived(byte[] record, int frame) {}

    /** @param maxRecords the number of datagrams of DTLS after which no more are sent */
    TestDataChannel(TestClient client, DtlsServer.Identity identity, int maxRecords) {
        this.client = client;
        this.identity = identity;
        this.maxRecords = maxRecords;
    }

    /** Opens the channel, and receives until the call has ended. */
    void run() {
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
            while (!client.isClosed()) {
                int length = dtls.receive(buffer, 0, buffer.length, 100);
                if (length > 0) receive(ByteBuffer.wrap(buffer, 0, length));
            }
        } catch (IOException e) {
            client.end();
            open.completeExceptionally(e);
        }
    }

    void awaitOpen() throws Exception {
        open.get(5, TimeUnit.MINUTES);
    }

    void send(String event) throws IOException {
        data(51, event.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for an event of a type. */
    JsonNode await(String type) throws InterruptedException {
        List<String> before = new ArrayList<>();
        while (true) {
            JsonNode event = events.poll(5, TimeUnit.MINUTES);
            if (event == null) throw new AssertionError("expected " + type + ", received " + before);
            if (event.get("type").asText().equals(type)) return event;
            before.add(event.get("type").asText());
        }
    }

    void close() throws IOException {
        if (dtls != null) dtls.close();
    }

    // DTLS.

    /** Processes a datagram. */
    void receive(byte[] record, int frame) {
        records.add(new Arrived(record, frame));
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
            client.audio.start(context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 60));
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
                if (client.isClosed()) throw new IOException("closed");
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
            if (sentRecords++ < maxRecords) client.send(Arrays.copyOfRange(buffer, offset, offset + length));
        }

        @Override
        public void close() {}
    }

    // SCTP.

    /** Returns a packet with one chunk. */
    static byte[] packet(int tag, int type, int flags, byte[] body) {
        ByteBuffer out = ByteBuffer.allocate(12 + (4 + body.length + 3 & ~3));
        out.putShort((short) 5001).putShort((short) Peer.SCTP_PORT).putInt(tag).putInt(0);
        out.put((byte) type)
                .put((byte) flags)
                .putShort((short) (4 + body.length))
                .put(body);
        return out.putInt(8, checksum(out.array())).array();
    }

    /** Returns a packet's checksum, which is computed as if the packet contained zeros in its place. */
    static int checksum(byte[] packet) {
        byte[] zeroed = packet.clone();
        Arrays.fill(zeroed, 8, 12, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(zeroed);
        return Integer.reverseBytes((int) crc.getValue());
    }

    private synchronized void send(int tag, int type, int flags, byte[] body) throws IOException {
        byte[] packet = packet(tag, type, flags, body);
        dtls.send(packet, 0, packet.length);
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
            case 4 -> {
                byte[] information = new byte[length];
                body.get(information);
                send(serverTag, 5, 0, information);
            }
            case 6 -> client.end();
            default -> {}
        }
    }

    private void take(byte[] fragment) throws IOException {
        if ((fragment[0] & 2) != 0) message.reset();
        message.write(fragment, 5, fragment.length - 5);
        if ((fragment[0] & 1) == 0) return;
        if (ByteBuffer.wrap(fragment).getInt(1) == 51) {
            events.add(((ObjectNode) JSON.readTree(message.toByteArray())).put(FRAME, recordFrame));
        } else open.complete(null);
    }
}
