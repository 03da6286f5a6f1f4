package sparrow.models.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.formats.weights.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.family.ModelFiles;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.GgufExport;
import sparrow.models.gguf.Quantisation;
import sparrow.models.weights.AtomicFolder;
import sparrow.models.weights.WeightFiles;

/** Writes the language model and the heads of a model folder into a new one, in GGUF. */
public final class FolderConversion {
    private final AtomicFolder out;
    private final Quantisation quantisation;
    private final ConversionListener listener;
    private final List<TensorDescription> keptInF16 = new ArrayList<>();

    /** Creates a conversion into a folder that has begun. */
    public FolderConversion(AtomicFolder out, Quantisation quantisation, ConversionListener listener) {
        this.out = out;
        this.quantisation = quantisation;
        this.listener = listener;
    }

    /** Returns the new folder. */
    public AtomicFolder out() {
        return out;
    }

    /** Matrices whose rows are no whole blocks of the quantisation, which were kept in f16. */
    public List<TensorDescription> keptInF16() {
        return keptInF16;
    }

    /**
     * Refuses a folder whose language model is in GGUF already: it has been rounded once.
     *
     * @throws BadFileException if it is
     */
    public static void requireOriginal(Path languageModel) {
        Path gguf = languageModel.resolve(WeightFiles.GGUF);
        if (Files.isRegularFile(gguf)) throw new BadFileException(gguf, "is GGUF already: convert the original");
    }

    /**
     * Writes {@code model.gguf}.
     *
     * @param names for every tensor its name in the checkpoint by the one in the file, in the order of the file
     * @param keys metadata of the file
     * @param to folder inside the new one
     */
    public void languageModel(
            Checkpoint checkpoint, SequencedMap<String, String> names, Map<String, GgufValue> keys, String to)
            throws IOException {
        write(out.folder(to).resolve(WeightFiles.GGUF), keys, checkpoint, names);
    }

    /** Writes the heads of a model into {@code heads/}, and copies the {@code config.json} beside the exit heads. */
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
     * Writes a file of further matrices in the type of the language model's.
     *
     * @param architecture for the file's metadata, beside that of the checkpoint
     * @param names for every tensor its name in the checkpoint by the one in the file, in the order of the file
     * @param folder inside the new one
     * @param file in that folder
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
     * Returns true if a file holds weights in some format, or is the index of such files: the GGUF stands in its place.
     */
    public static boolean isWeight(Path file) {
        return file.toString().matches(".*\\.(safetensors|bin|pt|pth|index\\.json)");
    }
}
