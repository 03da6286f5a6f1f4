package sparrow.speech.layers;

import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * Converts each group of eight log-mel frames to one encoder row (NeMo's {@code dw_striding}). Three convolutions over
 * time and frequency with stride 2 are followed by a linear layer over all channels and frequencies. The second and
 * third convolutions consist of a depthwise and a pointwise convolution. Images are stored as [frames, frequencies,
 * channels].
 *
 * <p>A row depends on its own eight frames and on the seven frames before them.
 */
public final class Subsampling {
    /** Number of frames per row. */
    public static final int FACTOR = 8;

    /**
     * Number of rows computed together. These rows represent 5 s, and the images for them take 16 MB at the released
     * sizes.
     */
    private static final int TOGETHER = 64;

    private static final int KERNEL = 3;

    private final Kernels kernels;
    private final Activation activation;
    private final int bins;
    private final Linear first;
    private final Separable second;
    private final Separable third;
    private final Linear out;

    /** A depthwise convolution followed by a pointwise convolution. */
    private record Separable(DepthwiseTaps depthwise, Linear pointwise) {}

    /**
     * Consecutive frames of an image.
     *
     * @param x rows of the frames without gaps, [frames * frequencies, channels]
     * @param from index of the first frame, counted from the beginning of the audio
     */
    private record Image(Block x, int from, int frequencies) {
        int frames() {
            return x.rows() / frequencies;
        }

        /** Returns a frame as [frequencies, channels]. */
        Block frame(int frame) {
            return x.rows((frame - from) * frequencies, (frame - from + 1) * frequencies);
        }
    }

    /** Orders of the last two axes of the kernels in a file. */
    public enum Axes {
        /** The axes are [time, frequency]. */
        TIME_FIRST,
        /** The axes are [frequency, time]. */
        TIME_LAST;

        /** Returns kernels whose last axes are [time, frequency]. */
        float[] timeFirst(float[] weights) {
            if (this == TIME_FIRST) return weights;
            float[] turned = new float[weights.length];
            for (int i = 0; i < weights.length; i++) {
                int row = i / KERNEL % KERNEL;
                int column = i % KERNEL;
                turned[i - row * KERNEL - column + column * KERNEL + row] = weights[i];
            }
            return turned;
        }
    }

    /**
     * Reads the layers {@code conv.N} and {@code out}.
     *
     * @param name prefix of the layer names, including the trailing dot
     * @param bins number of values per frame
     * @param channels number of channels of the convolutions
     * @param width number of values per row
     * @param activation activation after the first convolution and after the two pointwise convolutions
     * @param axes order of the kernels' axes
     */
    public Subsampling(
            LayerReader reader, String name, int bins, int channels, int width, Activation activation, Axes axes) {
        kernels = reader.kernels();
        this.activation = activation;
        this.bins = bins;
        float[] weights = axes.timeFirst(reader.values(name + "conv.0.weight", channels, 1, KERNEL, KERNEL));
        first = new Linear(
                kernels,
                reader.pack(weights, channels, KERNEL * KERNEL),
                reader.vector(name + "conv.0.bias", channels));
        second = separable(reader, name, 2, channels, axes);
        third = separable(reader, name, 5, channels, axes);
        out = new Linear(kernels, out(reader, name, bins, channels, width), reader.vector(name + "out.bias", width));
    }

    /** Reads the layers {@code conv.<index>} and {@code conv.<index + 1>}. */
    private static Separable separable(LayerReader reader, String name, int index, int channels, Axes axes) {
        String depthwise = name + "conv." + index;
        String pointwise = name + "conv." + (index + 1);
        Weight mix = reader.pack(reader.values(pointwise + ".weight", channels, channels, 1, 1), channels, channels);
        return new Separable(
                DepthwiseTaps.of(
                        axes.timeFirst(reader.values(depthwise + ".weight", channels, 1, KERNEL, KERNEL)),
                        reader.vector(depthwise + ".bias", channels)),
                new Linear(reader.kernels(), mix, reader.vector(pointwise + ".bias", channels)));
    }

    /**
     * Reads the matrix and reorders its columns from [channels, frequencies] to [frequencies, channels], the order of
     * an image.
     */
    private static Weight out(LayerReader reader, String name, int bins, int channels, int width) {
        int frequencies = halved(halved(halved(bins)));
        int columns = channels * frequencies;
        float[] stored = reader.values(name + "out.weight", width, columns);
        float[] weights = new float[stored.length];
        for (int o = 0; o < width; o++) {
            for (int c = 0; c < channels; c++) {
                for (int f = 0; f < frequencies; f++) {
                    weights[o * columns + f * channels + c] = stored[o * columns + c * frequencies + f];
                }
            }
        }
        return reader.pack(weights, width, columns);
    }

    /** Returns the number of rows for the given number of frames. */
    public static int rows(int frames) {
        return halved(halved(halved(frames)));
    }

    private static int halved(int length) {
        return Math.ceilDiv(length, 2);
    }

    /**
     * Converts features [frames, bins] to a new block [rows, width].
     *
     * @param probe probe that receives the images after the first convolution and after the two pointwise convolutions,
     *     before the activation
     */
    public Block of(Block features, Probe probe) {
        return of(features, 0, rows(features.rows()), probe);
    }

    /** Computes rows {@code first} (inclusive) to {@code end} (exclusive) of the result for the features. */
    public Block of(Block features, int first, int end, Probe probe) {
        int width = out.weight().rows();
        Block y = Block.of(new float[(end - first) * width], end - first, width);
        for (int from = first; from < end; from += TOGETHER) {
            int to = Math.min(end, from + TOGETHER);
            Image image = activated("conv.6", third(features, from, to, probe), probe);
            int columns = image.frequencies * image.x.columns();
            out.into(Block.of(image.x.data(), to - from, columns), y.rows(from - first, to - first));
        }
        return y;
    }

    private Image third(Block features, int from, int to, Probe probe) {
        int frames = halved(halved(features.rows()));
        Image before = second(features, firstSeen(from), Math.min(frames, 2 * to), probe);
        return apply(third, activated("conv.3", before, probe), frames, from, to);
    }

    private Image second(Block features, int from, int to, Probe probe) {
        int frames = halved(features.rows());
        Image before = first(features, firstSeen(from), Math.min(frames, 2 * to));
        return apply(second, activated("conv.0", before, probe), frames, from, to);
    }

    /** Returns the first frame that an output reads. */
    private static int firstSeen(int output) {
        return Math.max(0, 2 * output - 1);
    }

    private Image activated(String name, Image image, Probe probe) {
        probe.see(name, image.x);
        kernels.apply(activation, image.x);
        return image;
    }

    /**
     * Computes outputs {@code from} (inclusive) to {@code to} (exclusive) of the first convolution as a product with
     * patches.
     */
    private Image first(Block features, int from, int to) {
        int frequencies = halved(bins);
        int rows = (to - from) * frequencies;
        Block patches = Block.of(new float[rows * KERNEL * KERNEL], rows, KERNEL * KERNEL);
        kernels.pool().forEach(to - from, rows, t -> patches(features, from + t, patches, t * frequencies));
        return new Image(first.of(patches), from, frequencies);
    }

    /** Writes the patches of an output frame, starting at row {@code row}. Values outside the features stay 0. */
    private void patches(Block features, int output, Block patches, int row) {
        for (int f = 0; f < halved(bins); f++) {
            int to = (row + f) * KERNEL * KERNEL;
            for (int dt = 0; dt < KERNEL; dt++) {
                int frame = 2 * output + dt - 1;
                if (frame < 0 || frame >= features.rows()) continue;
                for (int df = 0; df < KERNEL; df++) {
                    int bin = 2 * f + df - 1;
                    if (bin < 0 || bin >= bins) continue;
                    patches.data()[to + dt * KERNEL + df] =
                            features.data()[features.offset() + frame * features.stride() + bin];
                }
            }
        }
    }

    /**
     * Computes outputs {@code from} (inclusive) to {@code to} (exclusive) of the second or third convolution.
     *
     * @param frames number of frames in the complete input
     */
    private Image apply(Separable convolution, Image x, int frames, int from, int to) {
        int frequencies = halved(x.frequencies);
        int channels = x.x.columns();
        int rows = (to - from) * frequencies;
        Image y = new Image(Block.of(new float[rows * channels], rows, channels), from, frequencies);
        kernels.pool().forEach(to - from, (long) rows * channels * KERNEL * KERNEL, t -> {
            Block out = y.frame(from + t);
            for (int f = 0; f < frequencies; f++) {
                System.arraycopy(convolution.depthwise.bias(), 0, out.data(), out.offset() + f * channels, channels);
            }
            for (int dt = 0; dt < KERNEL; dt++) {
                int frame = 2 * (from + t) + dt - 1;
                if (frame < 0 || frame >= frames) continue;
                for (int df = 0; df < KERNEL; df++) {
                    addTap(convolution.depthwise.taps()[dt * KERNEL + df], df - 1, x.frame(frame), out);
                }
            }
        });
        return new Image(convolution.pointwise.of(y.x), from, frequencies);
    }

    /** Computes {@code y[f] += tap * x[2 f + shift]} for the frequencies that x has. */
    private void addTap(float[] tap, int shift, Block x, Block y) {
        int from = shift < 0 ? 1 : 0;
        int to = Math.min(y.rows(), Math.ceilDiv(x.rows() - shift, 2));
        if (to <= from) return;
        int at = x.offset() + (2 * from + shift) * x.stride();
        kernels.addGated(tap, new Block(x.data(), at, 2 * x.stride(), to - from, x.columns()), y.rows(from, to));
    }
}
