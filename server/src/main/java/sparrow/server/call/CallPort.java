package sparrow.server.call;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;
import sparrow.server.message.RefusedException;

/**
 * A UDP port that accepts calls over WebRTC. A call has one audio track in each direction, and a data channel for the
 * session's events. Thread-safe.
 */
public interface CallPort extends AutoCloseable {
    /** Label of the data channel for a session's events. */
    String CHANNEL = "oai-events";

    /** Sample rate of calls in Hz. Samples have 16 bits and one channel. */
    int RATE_HZ = 24_000;

    /** Number of samples in a frame of 20 ms. */
    int FRAME = RATE_HZ / 50;

    /** Opens ports. Implementations are loaded as services ({@link ServiceLoader}). */
    interface Opener {
        /** Returns the opener of the module {@code webrtc}, or empty if the module is not on the class path. */
        static Optional<Opener> find() {
            return ServiceLoader.load(Opener.class).findFirst();
        }

        /**
         * Opens a port.
         *
         * @param port the UDP port, or 0 for any free port
         * @param announced the address at which clients reach the port, or empty if it is the given address
         * @throws IOException if the port cannot be bound, for instance because another process uses it
         */
        CallPort open(InetAddress address, int port, Optional<InetAddress> announced) throws IOException;
    }

    /** Returns the UDP port. */
    int port();

    /**
     * Answers an offer. Afterwards, the caller is notified of the call's events.
     *
     * @return the session description of the answer
     * @throws RefusedException if the offer is invalid or contains no audio in Opus or no data channel
     */
    String answer(String offer, Caller caller);

    /** Ends all calls and closes the port. */
    @Override
    void close();

    /**
     * The quality of a client's audio since the previous report.
     *
     * @param received number of packets received
     * @param lost number of packets lost
     * @param jitter variation of the transit time (RFC 3550, section 6.4.1)
     * @param roundTrip time from sending a packet to the arrival of the client's response, or zero if it is unknown
     */
    record Quality(long received, long lost, Duration jitter, Duration roundTrip) {}

    /** The server's side of a call. Methods are called on the call's own threads and return without waiting. */
    interface Caller {
        /**
         * Reserves memory for the messages of the handshake, which is released when the call is open or has ended.
         *
         * @return whether there was enough memory
         */
        boolean reserve(long bytes);

        /** Called once, when the data channel is open. */
        void opened(Line line);

        /** Called for each text message on the data channel. */
        void message(String text);

        /** Called with the client's audio, as 16-bit little-endian samples. */
        void heard(byte[] samples);

        /** Called every few seconds, after the first audio. */
        void measured(Quality quality);

        /** Called every 20 ms for the samples to be sent next, which replace zeros in the frame. */
        void fill(short[] frame);

        /** Called once, when the call has ended or has failed to begin. */
        void closed(String reason);
    }

    /** The client's side of a call. */
    interface Line {
        /** Returns the maximum length of a message in bytes. */
        int maxMessageBytes();

        /**
         * Sends a text message on the data channel. Waits first if too many messages are queued.
         *
         * @throws IOException if the call has ended
         */
        void send(String text) throws IOException, InterruptedException;

        /** Returns the number of bytes received. */
        long received();

        /** Returns the estimated time between sending a frame and its arrival, or zero if it is unknown. */
        Duration delay();

        /** Ends the call after the earlier messages have been delivered, or after one second. */
        void hangUp();
    }
}
