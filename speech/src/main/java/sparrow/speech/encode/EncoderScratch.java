package sparrow.speech.encode;

import sparrow.engine.kernel.Block;

/**
 * What all layers of one pass write to. Made for a piece and dropped with it: a question is encoded once, and keeping
 * room for 30 s would hold 70 MB of the released models' sizes for nothing.
 *
 * @param rows [frames, width]: normed rows, later the attended ones
 * @param qkv [frames, 3 * width]: queries, keys, values
 * @param update [frames, width]: what is to be added to the residual stream
 * @param inner [frames, ffnWidth]
 */
record EncoderScratch(Block rows, Block qkv, Block update, Block inner) {
    static EncoderScratch of(int frames, EncoderShape shape) {
        return new EncoderScratch(
                block(frames, shape.width()),
                block(frames, 3 * shape.width()),
                block(frames, shape.width()),
                block(frames, shape.ffnWidth()));
    }

    private static Block block(int rows, int columns) {
        return Block.of(new float[rows * columns], rows, columns);
    }
}
