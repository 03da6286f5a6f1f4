package sparrow.study.mos;

import java.nio.file.Path;
import java.util.Map;
import sparrow.formats.BadFileException;
import sparrow.onnx.OnnxModel;
import sparrow.onnx.OnnxPort;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * A network that predicts one score from a waveform, such as an export of UTMOSv2 (Baba et al., 2024). The file must
 * have one input, F32 [1, samples] or [samples] at 16 kHz in -1 to 1 with any number of samples, and one output with
 * one F32 number. If the original Python code splits the waveform and averages scores, the network must include these
 * steps.
 */
record OnnxScorer(OnnxModel network, OnnxPort input) implements MosScorer {
    private static final int RATE_HZ = 16_000;

    /**
     * Loads a network.
     *
     * @throws BadFileException if the file is missing, or its inputs or outputs are not supported
     */
    static OnnxScorer open(Path file) {
        OnnxModel network = OnnxModel.open(file);
        try {
            return new OnnxScorer(network, waveformInput(network));
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private static OnnxPort waveformInput(OnnxModel network) {
        if (network.inputs().size() == 1 && network.inputs().getFirst().shape().size() == 1) {
            network.onlyInput(DType.F32, OnnxPort.ANY);
        } else {
            network.onlyInput(DType.F32, 1, OnnxPort.ANY);
        }
        if (network.outputs().size() != 1) {
            throw new BadFileException(network.file(), "outputs", "expected one, found " + network.outputs());
        }
        return network.inputs().getFirst();
    }

    @Override
    public Mos score(Waveform speech) {
        float[] samples = speech.at(RATE_HZ).samples();
        if (samples.length == 0) throw new IllegalArgumentException("speech: expected samples, got none");
        Tensor waveform =
                input.shape().size() == 1 ? Tensor.of(samples, samples.length) : Tensor.of(samples, 1, samples.length);
        Tensor output = network.run(Map.of(input.name(), waveform)).firstEntry().getValue();
        if (output.dtype() != DType.F32 || output.elements() != 1) {
            throw new BadFileException(
                    network.file(),
                    "output",
                    "expected one F32 number, found " + output.dtype() + " " + output.shape());
        }
        return new Mos(output.toFloats()[0]);
    }

    @Override
    public void close() {
        network.close();
    }
}
