package sparrow.speech.lfm;

import java.util.List;
import java.util.stream.IntStream;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/** A causal stack of LFM layers and the norm after the last layer. Instances are immutable and thread-safe. */
public final class LfmLayers {
    private final Kernels kernels;
    private final float epsilon;
    private final List<LfmLayer> layers;
    private final float[] norm;

    /**
     * Reads the layers {@code name.layers.N} and the norm {@code name.embedding_norm}.
     *
     * @throws sparrow.formats.BadFileException if a tensor's shape does not agree with the configuration
     */
    public LfmLayers(LayerReader reader, String name, LfmConfig config) {
        kernels = reader.kernels();
        epsilon = config.epsilon();
        layers = IntStream.range(0, config.layers().size())
                .mapToObj(i -> new LfmLayer(
                        reader, name + ".layers." + i + ".", config.layers().get(i), config))
                .toList();
        norm = reader.vector(name + ".embedding_norm.weight", config.width());
    }

    /** Starts a sequence, which contains no rows yet. */
    public Sequence start() {
        return new Sequence(layers.stream().map(LfmLayer::start).toList());
    }

    /** A sequence to which rows are appended. Instances must be used by one thread at a time. */
    public final class Sequence {
        private final List<LfmLayer.Mixer.Sequence> mixers;

        private Sequence(List<LfmLayer.Mixer.Sequence> mixers) {
            this.mixers = mixers;
        }

        /** Returns an independent copy. */
        public Sequence copy() {
            return new Sequence(
                    mixers.stream().map(LfmLayer.Mixer.Sequence::copy).toList());
        }

        /**
         * Runs the next rows through the layers and the norm in place.
         *
         * @param x input and output, [rows, width]; must fill its array
         * @param probe probe that receives the output of each layer as {@code layerN}, and the output of the norm as
         *     {@code norm}
         */
        public void run(Block x, Workspace workspace, Probe probe) {
            for (int i = 0; i < layers.size(); i++) {
                layers.get(i).run(x, mixers.get(i), workspace);
                probe.see("layer" + i, x);
            }
            kernels.rmsNorm(x, norm, epsilon, x);
            probe.see("norm", x);
        }
    }
}
