package sparrow.server.audio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Encodes a stream of bytes as base64 pieces. Clients concatenate the pieces to obtain the base64 text of the complete
 * stream. Every piece except the last must therefore contain a multiple of 3 bytes. The pieces contain multiples of 6
 * bytes, so that they do not split 16-bit samples either. Up to 5 bytes are retained for the next call.
 */
public final class Base64Pieces {
    private static final int UNIT = 6;

    private final int pieceBytes;
    private byte[] waiting = {};

    /**
     * Creates an empty stream.
     *
     * @param pieceBytes the maximum number of bytes in a piece, rounded down to a multiple of 6
     * @throws IllegalArgumentException if the number is below 6
     */
    public Base64Pieces(int pieceBytes) {
        if (pieceBytes < UNIT) {
            throw new IllegalArgumentException("base64 pieces: expected 6 bytes or more, got " + pieceBytes);
        }
        this.pieceBytes = pieceBytes - pieceBytes % UNIT;
    }

    /** Adds bytes and returns the pieces that they complete. The list may be empty. */
    public List<Base64Piece> accept(byte[] bytes) {
        byte[] joined = Arrays.copyOf(waiting, Math.addExact(waiting.length, bytes.length));
        System.arraycopy(bytes, 0, joined, waiting.length, bytes.length);
        int whole = joined.length - joined.length % UNIT;
        waiting = Arrays.copyOfRange(joined, whole, joined.length);
        List<Base64Piece> pieces = new ArrayList<>();
        for (int at = 0; at < whole; at += pieceBytes) pieces.add(piece(joined, at, Math.min(whole, at + pieceBytes)));
        return List.copyOf(pieces);
    }

    /**
     * Returns the last piece if bytes remain, or an empty list otherwise. The object can then be used for another
     * stream.
     */
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
     * The base64 data of one message.
     *
     * @param text padded base64 text
     * @param bytes number of bytes that the text encodes
     */
    public record Base64Piece(String text, int bytes) {}
}
