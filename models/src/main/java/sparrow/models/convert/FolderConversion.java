package sparrow.models.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.family.ModelFiles;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.GgufExport;
import sparrow.models.gguf.Quantisation;
import sparrow.models.weights.AtomicFolder;
import sparrow.models.weights.WeightFiles;

/** Writes a model folder's language model and heads to GGUF files in a new folder. */
public final class FolderConversion {
    private final AtomicFolder out;
    private final Quantisation quantisation;
    private final ConversionListener listener;
    private final List<TensorDescription> keptInF16 = new ArrayList<>();

    /** Creates a conversion that writes to the given folder. */
    public FolderConversion(AtomicFolder out, Quantisation quantisation, ConversionListener listener) {
        this.out = out;
        this.quantisation = quantisation;
        this.listener = listener;
    }

    /** Returns the new folder. */
    public AtomicFolder out() {
        return out;
    }

    /** Returns the matrices that were kept as f16 because their rows are not a multiple of the quantisation's block. */
    public List<TensorDescription> keptInF16() {
        return keptInF16;
    }

    /**
     * Checks that a folder's language model is not in GGUF, because quantising it again would increase the error.
     *
     * @throws BadFileException if the language model is in GGUF
     */
    public static void requireOriginal(Path languageModel) {
        Path gguf = languageModel.resolve(WeightFiles.GGUF);
        if (Files.isRegularFile(gguf)) throw new BadFileException(gguf, "is already GGUF: convert the original");
    }

    /**
     * Writes {@code model.gguf}.
     *
     * @param names the tensors' names in the checkpoint, keyed by their names in the file, in file order
     * @param keys the file's metadata
     * @param to the name of a subfolder in the new folder
     */
    public void languageModel(
            Checkpoint checkpoint, SequencedMap<String, String> names, Map<String, GgufValue> keys, String to)
            throws IOException {
        write(out.folder(to).resolve(WeightFiles.GGUF), keys, checkpoint, names);
    }

    /** Writes a model's heads to {@code heads/} and copies the {@code config.json} of the exit heads. */
    public void heads(ModelFiles files) throws IOException {
        if (files.heads().isPresent()) {
            Path file = files.heads().get();
            heads(file, "exit-heads", "heads.gguf");
            Path config = file.resolveSibling("config.json");
            if (Files.isRegularFile(config)) Files.copy(config, out.path().resolve("heads/config.json"));
        }
        if (files.draftHead().isPresent()) heads(files.draftHead().get(), "step-head", "step-head.gguf");
        if (files.frameHeads().isPresent()) heads(files.frameHeads().get(), "frame-heads", "frame-heads.gguf");
    }

    private void heads(Path file, String architecture, String to) throws IOException {
        try (Checkpoint checkpoint = WeightFiles.file(file)) {
            SequencedMap<String, String> names = new LinkedHashMap<>();
            checkpoint.names().stream().sorted().forEach(name -> names.put(name, name));
            part(architecture, checkpoint, names, "heads", to);
        }
    }

    /**
     * Writes a file with another part of the model, whose matrices have the language model's type.
     *
     * @param architecture the architecture name in the file's metadata, to which the checkpoint's metadata is added
     * @param names the tensors' names in the checkpoint, keyed by their names in the file, in file order
     * @param folder the name of a subfolder in the new folder
     * @param file the name of the file in this subfolder
     */
    public void part(
            String architecture, Checkpoint checkpoint, SequencedMap<String, String> names, String folder, String file)
            throws IOException {
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        keys.put("general.architecture", new GgufValue.Text(architecture));
        checkpoint.metadata().forEach((key, value) -> keys.put(key, new GgufValue.Text(value)));
        write(out.folder(folder).resolve(file), keys, checkpoint, names);
    }

    private void write(
            Path file, Map<String, GgufValue> keys, Checkpoint checkpoint, SequencedMap<String, String> originalNames)
            throws IOException {
        keptInF16.addAll(GgufExport.write(file, keys, checkpoint, originalNames, quantisation, listener));
    }

    /**
     * Returns whether a file contains weights or an index of weight files. Such files are replaced by the GGUF file.
     */
    public static boolean isWeight(Path file) {
        return file.toString().matches(".*\\.(safetensors|bin|pt|pth|index\\.json)");
    }
}
