package sparrow.onnx;

import java.nio.file.Path;
import java.util.Map;
import sparrow.formats.BadFileException;
import sparrow.speech.spectrum.KaldiFilterBank;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** CAM++, the speaker encoder of CosyVoice, which computes a speaker vector from filter-bank features. */
final class SpeakerEncoder implements AutoCloseable {
    private final OnnxModel model;
    private final String input;

    private SpeakerEncoder(OnnxModel model) {
        this.model = model;
        input = model.onlyInput(DType.F32, 1, OnnxPort.ANY, KaldiFilterBank.BINS);
    }

    /**
     * Opens a network file.
     *
     * @throws BadFileException if the file is not a network with CAM++'s inputs
     */
    static SpeakerEncoder open(Path file) {
        return OnnxModel.open(file, SpeakerEncoder::new);
    }

    /**
     * Returns the speaker's vector.
     *
     * @param filterBank Kaldi's filter-bank features after subtracting their mean over time, [frames, 80]
     * @return the vector, [192] in the published model
     * @throws BadFileException if the network does not return exactly one vector
     */
    float[] vector(float[] filterBank) {
        int frames = filterBank.length / KaldiFilterBank.BINS;
        Tensor features = Tensor.of(filterBank, 1, frames, KaldiFilterBank.BINS);
        Map.Entry<String, Tensor> output = model.run(Map.of(input, features)).firstEntry();
        Tensor vector = output.getValue();
        if (vector.dtype() != DType.F32
                || vector.shape().size() != 2
                || vector.shape().getFirst() != 1) {
            throw new BadFileException(
                    model.file(),
                    "output " + output.getKey(),
                    "expected F32 [1, width], found " + vector.dtype() + " " + vector.shape());
        }
        return vector.toFloats();
    }

    @Override
    public void close() {
        model.close();
    }
}
