package sparrow.speech.encode;

import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/** A pre-norm layer of a Whisper encoder. */
final class EncoderLayer {
    /**
     * Scratch memory shared by all layers of one pass. It is allocated for each audio piece and released afterwards,
     * because 30 s of audio require 70 MB at the released sizes.
     *
     * @param rows normalised rows, later the attention output, [frames, width]
     * @param qkv queries, keys and values, [frames, 3 * width]
     * @param update values to add to the residual stream, [frames, width]
     * @param inner hidden values of the feed-forward part, [frames, ffnWidth]
     */
    record Scratch(Block rows, Block qkv, Block update, Block inner) {
        static Scratch of(int frames, EncoderShape shape) {
            return new Scratch(
                    block(frames, shape.width()),
                    block(frames, 3 * shape.width()),
                    block(frames, shape.width()),
                    block(frames, shape.ffnWidth()));
        }

        private static Block block(int rows, int columns) {
            return Block.of(new float[rows * columns], rows, columns);
        }
    }

    private final Kernels kernels;
    private final int width;
    private final EncoderAttention attention;
    private final Norm attentionNorm;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear out;
    private final Norm ffnNorm;
    private final Linear widen;
    private final Linear narrow;

    /**
     * Reads the layer whose tensor names begin with {@code name}.
     *
     * @param name prefix, including the trailing dot
     */
    EncoderLayer(LayerReader reader, String name, EncoderShape shape) {
        kernels = reader.kernels();
        width = shape.width();
        attention = new EncoderAttention(shape, kernels);
        EncoderShape.Names names = shape.names();
        attentionNorm = reader.norm(name + names.attentionNorm(), width);
        query = reader.linear(name + names.query(), width, width);
        // Whisper's keys have no bias because it would add the same value to all scores of a query.
        key = reader.linearWithoutBias(name + names.key(), width, width);
        value = reader.linear(name + names.value(), width, width);
        out = reader.linear(name + names.out(), width, width);
        ffnNorm = reader.norm(name + names.ffnNorm(), width);
        widen = reader.linear(name + names.widen(), shape.ffnWidth(), width);
        narrow = reader.linear(name + names.narrow(), width, shape.ffnWidth());
    }

    /**
     * Runs the residual stream through the layer in place.
     *
     * @param hidden residual stream, [frames, width]
     * @param valid number of leading frames that may be attended to
     */
    void run(Block hidden, int valid, Scratch scratch) {
        attentionNorm.layers(hidden, scratch.rows());
        query.into(scratch.rows(), scratch.qkv().columns(0, width));
        key.into(scratch.rows(), scratch.qkv().columns(width, 2 * width));
        value.into(scratch.rows(), scratch.qkv().columns(2 * width, 3 * width));
        attention.attend(scratch.qkv(), valid, scratch.rows());
        out.into(scratch.rows(), scratch.update());
        add(scratch.update(), hidden);

        ffnNorm.layers(hidden, scratch.rows());
        widen.into(scratch.rows(), scratch.inner());
        kernels.apply(Activation.GELU, scratch.inner());
        narrow.into(scratch.inner(), scratch.update());
        add(scratch.update(), hidden);
    }

    private void add(Block update, Block hidden) {
        kernels.addScaled(1, update.data(), 0, hidden.data(), 0, hidden.data().length);
    }
}
