package sparrow.server.realtime.session;

import java.util.ArrayList;
import java.util.List;
import sparrow.server.audio.AudioEncoder;
import sparrow.server.audio.Base64Pieces;
import sparrow.server.audio.Base64Pieces.Base64Piece;
import sparrow.server.audio.PlaybackClock;
import sparrow.server.audio.RealtimeFormat;

/**
 * Encodes a reply's samples for a client, in base64 pieces of about 100 ms, and estimates the position of the client's
 * player.
 */
public final class OutputAudio {
    private final RealtimeFormat format;
    private final AudioEncoder encoder;
    private final Base64Pieces pieces;
    private final PlaybackClock playback;
    private long bytes;

    OutputAudio(RealtimeFormat format, int rateHz) {
        this.format = format;
        this.encoder = format.encoder(rateHz);
        this.pieces = new Base64Pieces(format.pieceBytes());
        this.playback = new PlaybackClock(format.rateHz());
    }

    /** Encodes samples and returns the pieces that they complete. */
    List<Base64Piece> accept(float[] samples, long now) {
        return sent(pieces.accept(encoder.accept(samples)), now);
    }

    List<Base64Piece> finish(long now) {
        List<Base64Piece> left = new ArrayList<>(pieces.accept(encoder.finish()));
        left.addAll(pieces.finish());
        return sent(left, now);
    }

    private List<Base64Piece> sent(List<Base64Piece> made, long now) {
        long before = bytes;
        for (Base64Piece piece : made) bytes += piece.bytes();
        playback.sent(now, format.samples(bytes - before));
        return made;
    }

    /** Returns the duration of all returned pieces. */
    long milliseconds() {
        return milliseconds(bytes);
    }

    /** Returns the duration of a number of bytes. */
    long milliseconds(long ofBytes) {
        return format.samples(ofBytes) * 1000 / format.rateHz();
    }

    /** Returns the clock of a client that plays audio as soon as it arrives. */
    PlaybackClock playback() {
        return playback;
    }
}
