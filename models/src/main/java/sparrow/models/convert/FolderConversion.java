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

/** Writes the language model and the heads of a model folder to GGUF files in a new folder. */
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

    /** Returns the matrices that were kept in f16 because their rows are not a multiple of the quantisation's block. */
    public List<TensorDescription> keptInF16() {
        return keptInF16;
    }

    /**
     * Checks that the language model of a folder is not in GGUF, because quantising it again would add error.
     *
     * @throws BadFileException if it is in GGUF
     */
    public static void requireOriginal(Path languageModel) {
        Path gguf = languageModel.resolve(WeightFiles.GGUF);
        if (Files.isRegularFile(gguf)) throw new BadFileException(gguf, "is GGUF already: convert the original");
    }

    /**
     * Writes {@code model.gguf}.
     *
     * @param names the tensors' names in the checkpoint by their names in the file, in the order of the file
     * @param keys metadata of the file
     * @param to name of a subfolder of the new folder
     */
    public void languageModel(
            Checkpoint checkpoint, SequencedMap<String, String> names, Map<String, GgufValue> keys, String to)
            throws IOException {
        write(out.folder(to).resolve(WeightFiles.GGUF), keys, checkpoint, names);
    }

    /** Writes the heads of a model to {@code heads/} and copies the {@code config.json} of the exit heads. */
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
     * Writes a file of another part, with matrices in the language model's type.
     *
     * @param architecture name for the file's metadata, to which the checkpoint's metadata are added
     * @param names the tensors' names in the checkpoint by their names in the file, in the order of the file
     * @param folder name of a subfolder of the new folder
     * @param file name of the file in that folder
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

    /** Returns true if a file contains weights or an index of weight files, which the GGUF file replaces. */
    public static boolean isWeight(Path file) {
        return file.toString().matches(".*\\.(safetensors|bin|pt|pth|index\\.json)");
    }
}
