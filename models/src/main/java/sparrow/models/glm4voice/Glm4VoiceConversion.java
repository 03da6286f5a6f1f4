package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.engine.decode.TokenSpace;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.text.VoiceVocabulary;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.GgufValue;
import sparrow.engine.weights.GgufWriter;
import sparrow.engine.weights.SafetensorsFolder;
import sparrow.models.SpokenModel.Parts;
import sparrow.models.config.JsonConfig;
import sparrow.models.config.ModelCard;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.GgufExport;
import sparrow.models.gguf.ModelKeys;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.VocabularyKeys;
import sparrow.models.weights.NewFolder;
import sparrow.models.weights.WeightFiles;

/** Makes a GLM-4-Voice folder of one whose language model is in GGUF: a complete model, audio parts and all. */
public final class Glm4VoiceConversion {
    private final Parts parts;
    private final Quantisation quantisation;
    private final ConversionListener listener;
    private final NewFolder out;
    private final List<GgufWriter.Entry> keptInF16 = new ArrayList<>();

    private Glm4VoiceConversion(Parts parts, Quantisation quantisation, ConversionListener listener, NewFolder out) {
        this.parts = parts;
        this.quantisation = quantisation;
        this.listener = listener;
        this.out = out;
    }

    /**
     * Converts a folder.
     *
     * @param heads file or folder of exit heads; if empty, {@code heads/} of the checkpoint where it has one
     * @param to new or empty; appears when it is complete
     * @return matrices whose rows are no whole blocks of the quantisation, which were kept in f16
     * @throws IllegalArgumentException in one line if a part is missing, broken, or not of this family, or {@code to} is
     *     in use
     * @throws IOException if a file cannot be read or written
     */
    public static List<GgufWriter.Entry> convert(
            Path folder, Optional<Path> heads, Quantisation quantisation, Path to, ConversionListener listener)
            throws IOException {
        Parts parts = Glm4VoiceFolder.parts(folder, heads);
        Path own = Glm4VoiceFolder.around(folder).resolve(ModelCard.FILE);
        try (NewFolder out = NewFolder.begin(to)) {
            Glm4VoiceConversion conversion = new Glm4VoiceConversion(parts, quantisation, listener, out);
            conversion.languageModel(folder);
            conversion.heads();
            if (parts.speechEncoder().isPresent())
                out.copy(parts.speechEncoder().get(), "tokenizer", file -> true);
            if (parts.speechDecoder().isPresent())
                out.copy(parts.speechDecoder().get(), "decoder", file -> true);
            if (Files.isRegularFile(own)) Files.copy(own, out.path().resolve(ModelCard.FILE));
            out.finish();
            return conversion.keptInF16;
        }
    }

    private void languageModel(Path folder) throws IOException {
        Path source = parts.languageModel();
        Path gguf = source.resolve(WeightFiles.GGUF);
        if (Files.isRegularFile(gguf)) throw new BadFileException(gguf, "is GGUF already: convert the original");
        JsonConfig json = ChatGlm.read(source);
        TransformerConfig config = ChatGlm.config(json);
        Tokenizer tokenizer = Tokenizer.open(source, VoiceVocabulary.GLM_4_VOICE_9B);
        TokenSpace tokens = Glm4Voice.tokenSpace(json, config, tokenizer);
        String name = ModelCard.read(folder).name();
        Map<String, GgufValue> keys = new LinkedHashMap<>(
                ModelKeys.of(Architecture.CHATGLM, config, tokens, Glm4Voice.INTERLEAVE, name, quantisation));
        keys.putAll(VocabularyKeys.glm4(tokenizer, config.vocabulary()));
        out.copy(source, "lm", file -> !isWeight(file));
        try (Checkpoint checkpoint = SafetensorsFolder.open(source)) {
            Path file = out.path().resolve("lm").resolve(WeightFiles.GGUF);
            keptInF16.addAll(
                    GgufExport.write(file, keys, checkpoint, ChatGlm.originalNames(config), quantisation, listener));
        }
    }

    private void heads() throws IOException {
        if (parts.heads().isEmpty()) return;
        Path source = parts.heads().get();
        try (Checkpoint checkpoint = WeightFiles.file(source)) {
            Map<String, GgufValue> keys = new LinkedHashMap<>();
            keys.put("general.architecture", new GgufValue.Text("exit-heads"));
            checkpoint.metadata().forEach((key, value) -> keys.put(key, new GgufValue.Text(value)));
            SequencedMap<String, String> names = new LinkedHashMap<>();
            checkpoint.names().stream().sorted().forEach(name -> names.put(name, name));
            Path file = out.folder("heads").resolve("heads.gguf");
            keptInF16.addAll(GgufExport.write(file, keys, checkpoint, names, quantisation, listener));
        }
        Path config = source.resolveSibling("config.json");
        if (Files.isRegularFile(config)) Files.copy(config, out.path().resolve("heads/config.json"));
    }

    /** Whatever holds weights in some format, or is the index of such files: the GGUF stands in their place. */
    private static boolean isWeight(Path file) {
        return file.toString().matches(".*\\.(safetensors|bin|pt|pth|index\\.json)");
    }
}
