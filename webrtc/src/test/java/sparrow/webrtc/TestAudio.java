package sparrow.webrtc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import sparrow.server.call.CallPort;
import sparrow.speech.wave.Waveform;

/**
 * The client's end of a call's audio track: a microphone, and a record of what was heard. Frames of 20 ms are numbered by
 * the server's clock.
 */
final class TestAudio {
    /** Amplitude from which a sample is audible. */
    static final int AUDIBLE = 300;

    /** Number of RTP ticks in a frame. */
    private static final int TICKS = 960;

    /** Number of silent frames before a question: a second. */
    private static final int BEFORE = 50;

    private final TestClient client;
    private final RtpReceiver receiver = new RtpReceiver(111, this::hear);
    private final RtpSender sender = new RtpSender(111, 12_345);
    private final CompletableFuture<Void> reported = new CompletableFuture<>();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final List<Integer> audibleFrames = new CopyOnWriteArrayList<>();
    private volatile Srtp outbound;
    private volatile Srtp inbound;
    private volatile int audioPackets;
    private volatile int newestFrame;
    private volatile long firstSound;

    /** Packets that the microphone sends next. */
    final Queue<byte[]> spoken = new ConcurrentLinkedQueue<>();

    TestAudio(TestClient client) {
        this.client = client;
    }

    /** Starts encryption and decryption. */
    void start(byte[] keys) {
        outbound = new Srtp(Arrays.copyOf(keys, 16), Arrays.copyOfRange(keys, 32, 46));
        inbound = new Srtp(Arrays.copyOfRange(keys, 16, 32), Arrays.copyOfRange(keys, 46, 60));
    }

    boolean isStarted() {
        return inbound != null;
    }

    // What the client says.

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
            client.send(outbound.protect(sender.next(frame)));
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
            for (int i = 0; !client.isClosed(); i++) {
                byte[] next = spoken.poll();
                byte[] packet = (next == null ? silence : next).clone();
                ByteBuffer.wrap(packet).putShort(2, (short) i).putInt(4, TICKS * i);
                client.send(outbound.protect(packet));
                LockSupport.parkNanos(begin + i * 20_000_000L - System.nanoTime());
            }
        });
    }

    /**
     * Sends a second of silence, sound, and then silence until the call has ended, in real time. The first frame is sent.
     *
     * @param every the number of silent frames for each packet
     */
    void sayInRealTime(Waveform question, int every) {
        float[] samples = question.at(CallPort.RATE_HZ).samples();
        int end = BEFORE + samples.length / CallPort.FRAME;
        long begin = System.nanoTime();
        for (int i = 0; !client.isClosed(); i++) {
            boolean silent = i < BEFORE || i >= end;
            short[] frame = new short[CallPort.FRAME];
            for (int j = 0; !silent && j < frame.length; j++) {
                frame[j] = (short) (samples[(i - BEFORE) * frame.length + j] * 32_767);
            }
            if (silent && i % every > 0) sender.skip(1);
            else client.send(outbound.protect(sender.next(frame)));
            LockSupport.parkNanos(begin + i * 20_000_000L - System.nanoTime());
        }
    }

    /** Sends a packet of RTP. */
    void sendPacket(byte[] packet) {
        client.send(outbound.protect(packet));
    }

    // What the client hears.

    /** Processes a datagram. */
    void receive(byte[] datagram) {
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
        for (int i = 0; i < pcm.length; i += 2) audible |= Math.abs(sample(pcm, i)) > AUDIBLE;
        if (audible) audibleFrames.add(newestFrame);
        if (audible && firstSound == 0) firstSound = System.nanoTime();
        heard.writeBytes(pcm);
    }

    private static short sample(byte[] pcm, int at) {
        return (short) (pcm[at] & 0xff | pcm[at + 1] << 8);
    }

    synchronized Waveform heard() {
        byte[] pcm = heard.toByteArray();
        float[] samples = new float[pcm.length / 2];
        for (int i = 0; i < samples.length; i++) samples[i] = sample(pcm, 2 * i) * 0x1p-15f;
        return new Waveform(samples, CallPort.RATE_HZ);
    }

    synchronized void forget() {
        heard.reset();
        firstSound = 0;
    }

    /** Returns the time of the first audible sample, or 0 before. */
    long firstSound() {
        return firstSound;
    }

    int newestFrame() {
        return newestFrame;
    }

    /** Returns the numbers of the frames with audible samples. */
    List<Integer> audibleFrames() {
        return audibleFrames;
    }

    /** Waits for the next audible frame. */
    void awaitSound() {
        int count = audibleFrames.size();
        while (audibleFrames.size() == count && !client.isClosed()) LockSupport.parkNanos(1_000_000);
    }

    /** Waits until a second without audible frames has passed after an audible frame. */
    void awaitSilence() {
        while ((audibleFrames.isEmpty() || newestFrame - audibleFrames.getLast() < 50) && !client.isClosed()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Waits for a frame. */
    void awaitFrame(int number) {
        while (newestFrame - number < 0 && !client.isClosed()) LockSupport.parkNanos(1_000_000);
    }

    /** Returns the number of packets of audio that have arrived, after waiting for the first report. */
    int packetsWithReport() {
        reported.orTimeout(5, TimeUnit.MINUTES).join();
        return audioPackets;
    }
}
