package sparrow.server.reply;

import java.util.ArrayList;
import java.util.List;
import sparrow.server.audio.AudioEncoder;
import sparrow.server.audio.ChatFormat;

/**
 * The encoded audio of a reply that is sent when it is complete. It is stored in pieces, so that no copy of it is
 * needed. Used by one thread.
 */
public final class WholeAudio {
    /** Memory for a piece in addition to its bytes. */
    private static final int PIECE_BYTES = 32;

    private final ChatFormat format;
    private final int rateHz;
    private final AnswerMemory memory;
    private final AudioEncoder encoder;
    private final List<byte[]> pieces = new ArrayList<>();
    private long length;

    /**
     * Creates an empty audio.
     *
     * @param rateHz the sample rate of the model
     * @param memory the memory in which the audio is counted
     */
    public WholeAudio(ChatFormat format, int rateHz, AnswerMemory memory) {
        this.format = format;
        this.rateHz = rateHz;
        this.memory = memory;
        this.encoder = format.encoder(rateHz);
    }

    /**
     * Adds samples.
     *
     * @throws sparrow.server.http.HttpFailure if older answers need the memory
     */
    public void accept(float[] samples) {
        add(encoder.accept(samples));
    }

    /**
     * Returns the bytes of the complete audio in pieces. Must be called once, after the last samples.
     *
     * @throws sparrow.server.http.HttpFailure if older answers need the memory
     */
    public List<byte[]> finish() {
        add(encoder.finish());
        byte[] header = format.header(rateHz, length);
        pieces.addFirst(header);
        length += header.length;
        memory.complete();
        return pieces;
    }

    private void add(byte[] piece) {
        if (piece.length == 0) return;
        memory.add(piece.length + PIECE_BYTES);
        pieces.add(piece);
        length += piece.length;
    }

    /** Returns the number of bytes. */
    public long length() {
        return length;
    }
}
