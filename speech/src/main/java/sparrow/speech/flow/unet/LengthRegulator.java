package sparrow.speech.flow.unet;

import java.util.ArrayList;
import java.util.List;
import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Norm;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Stretches vectors from the rate of the codes to the rate of the mel frames: nearest neighbour, then convolutions with
 * norms.
 */
final class LengthRegulator {
    private record Layer(Convolution convolution, Norm norm) {}

    private final Kernels kernels;
    private final List<Layer> layers;
    private final Convolution last;

    private LengthRegulator(Kernels kernels, List<Layer> layers, Convolution last) {
        this.kernels = kernels;
        this.layers = layers;
        this.last = last;
    }

    static LengthRegulator load(LayerReader reader, int count, int width) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            layers.add(new Layer(
                    reader.convolution("length_regulator.model." + 3 * i, width, width, 3),
                    reader.norm("length_regulator.model." + (3 * i + 1), width)));
        }
        Convolution last = reader.convolution("length_regulator.model." + 3 * count, width, width, 1);
        return new LengthRegulator(reader.kernels(), List.copyOf(layers), last);
    }

    /** Stretches x [codes, width] to [frames, width]. */
    Block stretch(Block x, int frames) {
        Block z = Block.of(new float[frames * x.columns()], frames, x.columns());
        // The index is computed in f32, as in the reference, because integers give other neighbours for some lengths.
        float scale = (float) x.rows() / frames;
        for (int j = 0; j < frames; j++) {
            int nearest = Math.min((int) (j * scale), x.rows() - 1);
            System.arraycopy(x.data(), nearest * x.columns(), z.data(), j * x.columns(), x.columns());
        }
        for (Layer layer : layers) {
            z = layer.convolution().of(z);
            layer.norm().groups(1, z);
            kernels.apply(Activation.MISH, z);
        }
        return last.of(z);
    }
}
