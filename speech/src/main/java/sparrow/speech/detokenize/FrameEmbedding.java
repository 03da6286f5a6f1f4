package sparrow.speech.detokenize;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Probe;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/** Converts the codes of frames to rows, as the first step of a {@link FrameDecoder}. */
sealed interface FrameEmbedding {
    /** Reads a detokenizer's table, or a codec's quantiser if the checkpoint contains one. */
    static FrameEmbedding of(LayerReader reader, int width) {
        return reader.checkpoint().has(Quantiser.TABLE) ? Quantiser.of(reader, width) : Mean.of(reader, width);
    }

    /** Returns the number of codes per frame. */
    int codebooks();

    /** Returns the number of codes per codebook. */
    int codes();

    /**
     * Writes the rows that represent frames.
     *
     * @param codes codes of complete frames, frame by frame
     * @param y block that receives the rows, [frames, width]; must fill its array
     * @param probe probe that receives the rows as {@code embedding}
     */
    void embed(int[] codes, Block y, Probe probe);

    /** Copies a matrix to the weight memory in its stored format. */
    private static Matrix copy(LayerReader reader, Matrix stored) {
        reader.checkpoint().requireFinite(stored);
        MemorySegment copy = reader.arena().allocate(stored.data().byteSize(), 64);
        copy.copyFrom(stored.data());
        return new Matrix(copy, stored.dtype(), stored.rows(), stored.columns());
    }

    /**
     * The mean of the embeddings of a frame's codes (LFM2.5).
     *
     * @param table embedding table, [codebooks * 2048, width]; row {@code 2048 * codebook + code} belongs to a code
     */
    record Mean(Kernels kernels, Matrix table) implements FrameEmbedding {
        private static final int CODES = 2048;

        static Mean of(LayerReader reader, int width) {
            String name = "emb.emb.weight";
            Matrix stored = reader.checkpoint().matrix(name, -1, width);
            if (stored.rows() == 0 || stored.rows() % CODES != 0) {
                throw new BadFileException(
                        reader.checkpoint().source(),
                        "tensor " + name,
                        "expected " + CODES + " rows for each codebook, found " + stored.rows());
            }
            return new Mean(reader.kernels(), copy(reader, stored));
        }

        @Override
        public int codebooks() {
            return table.rows() / CODES;
        }

        @Override
        public int codes() {
            return CODES;
        }

        @Override
        public void embed(int[] codes, Block y, Probe probe) {
            int width = y.columns();
            float[] row = new float[width];
            Arrays.fill(y.data(), 0);
            for (int f = 0; f < y.rows(); f++) {
                for (int book = 0; book < codebooks(); book++) {
                    table.row(book * CODES + codes[f * codebooks() + book], row, 0);
                    kernels.addScaled(1, row, 0, y.data(), f * width, width);
                }
                for (int c = f * width; c < (f + 1) * width; c++) y.data()[c] /= codebooks();
            }
            probe.see("embedding", y);
        }
    }

    /**
     * Finite scalar quantisation (LFM3). Each code represents a few values, which are the same in all codebooks. The
     * values of a frame's codes are concatenated and passed through two linear layers.
     *
     * @param table values of each code, [codes][values]
     * @param codebooks number of codes per frame
     * @param dequantise first linear layer, [inner width, codebooks * values]
     * @param in second linear layer, [width, inner width]
     */
    record Quantiser(float[][] table, int codebooks, Linear dequantise, Linear in) implements FrameEmbedding {
        static final String TABLE = "quantizer.codebook.weight";

        static Quantiser of(LayerReader reader, int width) {
            Checkpoint checkpoint = reader.checkpoint();
            Matrix stored = checkpoint.matrix(TABLE, -1, -1);
            checkpoint.requireFinite(stored);
            int values = stored.columns();
            Matrix matrix = checkpoint.matrix("quantizer.out_proj.weight", -1, -1);
            if (stored.rows() == 0 || values == 0 || matrix.columns() == 0 || matrix.columns() % values != 0) {
                throw new BadFileException(
                        checkpoint.source(),
                        "tensor " + TABLE,
                        "expected codes of a few values, and a divisor of the " + matrix.columns()
                                + " inputs of quantizer.out_proj.weight, found " + stored.rows() + " codes of "
                                + values);
            }
            float[][] table = new float[stored.rows()][values];
            for (int code = 0; code < table.length; code++) stored.row(code, table[code], 0);
            return new Quantiser(
                    table,
                    matrix.columns() / values,
                    reader.linear("quantizer.out_proj", matrix.rows(), matrix.columns()),
                    reader.linear("in_proj", width, matrix.rows()));
        }

        @Override
        public int codes() {
            return table.length;
        }

        @Override
        public void embed(int[] codes, Block y, Probe probe) {
            int values = table[0].length;
            float[] joined = new float[codes.length * values];
            for (int i = 0; i < codes.length; i++) System.arraycopy(table[codes[i]], 0, joined, i * values, values);
            Block x = Block.of(joined, y.rows(), codebooks * values);
            Block inner = Block.of(
                    new float[y.rows() * in.weight().columns()],
                    y.rows(),
                    in.weight().columns());
            // Frames are processed one by one, because a product sums a single row in a different order than several
            // rows.
            for (int f = 0; f < y.rows(); f++) {
                dequantise.into(x.rows(f, f + 1), inner.rows(f, f + 1));
                in.into(inner.rows(f, f + 1), y.rows(f, f + 1));
            }
            probe.see("quantized", inner);
            probe.see("embedding", y);
        }
    }
}
