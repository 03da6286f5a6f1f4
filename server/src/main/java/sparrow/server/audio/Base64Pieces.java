package sparrow.server.audio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Cuts a stream of bytes into base64 pieces. Clients concatenate the texts of the pieces, and the result is the base64
 * of the whole stream. Every piece except the last therefore has a multiple of 3 bytes, and of 6, so that 16-bit
 * samples stay whole. Up to 5 bytes wait for the next call.
 */
public final class Base64Pieces {
    private static final int UNIT = 6;

    private final int pieceBytes;
    private byte[] waiting = {};

    /**
     * Creates an empty stream.
     *
     * @param pieceBytes maximum bytes of a piece, rounded down to a multiple of 6
     * @throws IllegalArgumentException if it is below 6
     */
    public Base64Pieces(int pieceBytes) {
        if (pieceBytes < UNIT) {
            throw new IllegalArgumentException("base64 pieces: expected 6 bytes or more, got " + pieceBytes);
        }
        this.pieceBytes = pieceBytes - pieceBytes % UNIT;
    }

    /** Returns the pieces that these bytes complete, possibly none. */
    public List<Base64Piece> accept(byte[] bytes) {
        byte[] joined = Arrays.copyOf(waiting, Math.addExact(waiting.length, bytes.length));
        System.arraycopy(bytes, 0, joined, waiting.length, bytes.length);
        int whole = joined.length - joined.length % UNIT;
        waiting = Arrays.copyOfRange(joined, whole, joined.length);
        List<Base64Piece> pieces = new ArrayList<>();
        for (int at = 0; at < whole; at += pieceBytes) pieces.add(piece(joined, at, Math.min(whole, at + pieceBytes)));
        return List.copyOf(pieces);
    }

    /** Returns the last piece if bytes are still waiting, otherwise none. The stream then starts again. */
    public List<Base64Piece> finish() {
        byte[] last = waiting;
        waiting = new byte[0];
        return last.length == 0 ? List.of() : List.of(piece(last, 0, last.length));
    }

    private static Base64Piece piece(byte[] bytes, int from, int to) {
        String text = Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, to));
        return new Base64Piece(text, to - from);
    }

    /**
     * Base64 data for one message.
     *
     * @param text in base64, padded
     * @param bytes number of bytes that the text encodes
     */
    public record Base64Piece(String text, int bytes) {}
}
