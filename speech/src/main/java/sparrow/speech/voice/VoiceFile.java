package sparrow.speech.voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * Reads and writes voices as safetensors files, so the networks that make a voice need to run only once. A file
 * contains the tensors {@code codes} I32 [codes], {@code speaker} F32 [width] and {@code mel} F32 [2 * codes, 80], and
 * the metadata {@code format} and {@code version}.
 */
public final class VoiceFile {
    /** Name of the voice file in a model parts folder. */
    public static final String NAME = "voice.safetensors";

    private static final String FORMAT = "sparrow-voice";
    private static final String VERSION = "1";

    /** Maximum number of elements in a tensor, enough for the spectrum of an hour and a half. */
    private static final long MAX_ELEMENTS = 1 << 25;

    private VoiceFile() {}

    /**
     * Reads a voice.
     *
     * @throws BadFileException if the file is missing or does not contain a valid voice
     * @throws IOException if the file cannot be read
     */
    public static Voice read(Path file) throws IOException {
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            requireFact(checkpoint, "format", FORMAT);
            requireFact(checkpoint, "version", VERSION);
            int[] codes = required(checkpoint, "codes", DType.I32, 1).toInts();
            float[] speaker = required(checkpoint, "speaker", DType.F32, 1).toFloats();
            float[] mel = required(checkpoint, "mel", DType.F32, 2).toFloats();
            checkpoint.tensor("mel", codes.length * Voice.FRAMES_PER_CODE, Voice.MEL_BINS);
            return voice(file, codes, speaker, mel);
        }
    }

    private static Voice voice(Path file, int[] codes, float[] speaker, float[] mel) {
        try {
            return new Voice(codes, speaker, mel);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, e.getMessage());
        }
    }

    private static void requireFact(Checkpoint checkpoint, String key, String expected) {
        String found = checkpoint.metadata().get(key);
        if (expected.equals(found)) return;
        throw new BadFileException(
                checkpoint.source(),
                "metadata " + key,
                "expected " + expected + ", found " + (found == null ? "none" : found) + " (is it a voice?)");
    }

    private static Tensor required(Checkpoint checkpoint, String name, DType dtype, int axes) {
        Tensor tensor = checkpoint.tensor(name);
        if (tensor.elements() > MAX_ELEMENTS) {
            throw new BadFileException(
                    checkpoint.source(),
                    "tensor " + name,
                    "expected at most " + MAX_ELEMENTS + " elements, found " + tensor.elements());
        }
        if (tensor.dtype() == dtype && tensor.shape().size() == axes) return tensor;
        throw new BadFileException(
                checkpoint.source(),
                "tensor " + name,
                "expected " + dtype + " with " + axes + (axes == 1 ? " axis" : " axes") + ", found " + tensor.dtype()
                        + " " + tensor.shape());
    }

    /**
     * Writes a voice. The file is replaced atomically.
     *
     * @throws IOException if the file cannot be written; in this case, an existing file remains unchanged
     */
    public static void write(Path file, Voice voice) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("codes", Tensor.of(voice.codes(), voice.codes().length));
        tensors.put("speaker", Tensor.of(voice.speaker(), voice.speaker().length));
        tensors.put("mel", Tensor.of(voice.mel(), voice.frames(), Voice.MEL_BINS));
        SafetensorsWriter.write(file, tensors, Map.of("format", FORMAT, "version", VERSION));
    }
}
