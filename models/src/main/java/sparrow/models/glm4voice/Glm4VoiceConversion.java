package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.JsonFile;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.convert.AudioConversion;
import sparrow.models.convert.FolderConversion;
import sparrow.models.family.ModelCard;
import sparrow.models.family.ModelFiles;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.ModelKeys;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.models.gguf.VocabularyKeys;
import sparrow.models.weights.AtomicFolder;
import sparrow.models.weights.WeightFiles;

/** Converts a GLM-4-Voice folder to a complete folder with the language model in GGUF. */
final class Glm4VoiceConversion {
    private static final String TOKENIZER = "tokenizer";
    private static final String DECODER = "decoder";

    private Glm4VoiceConversion() {}

    /** Implements {@link sparrow.models.family.Family#convert}. */
    static List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener)
            throws IOException {
        ModelFiles files = Glm4VoiceFolder.files(folder, heads);
        Path card = Glm4VoiceFolder.root(folder).resolve(ModelCard.FILE);
        try (AtomicFolder out = AtomicFolder.begin(to)) {
            FolderConversion conversion = new FolderConversion(out, quantisations.languageModel(), listener);
            languageModel(
                    files.languageModel(),
                    Glm4VoiceFolder.card(folder).name(),
                    quantisations.languageModel(),
                    conversion);
            conversion.heads(files);
            if (quantisations.audio().matrices().isEmpty()) copyAudio(files, out);
            else convertAudio(files, out, new AudioConversion(quantisations.audio(), listener));
            if (Files.isRegularFile(card)) Files.copy(card, out.path().resolve(ModelCard.FILE));
            out.finish();
            return conversion.keptInF16();
        }
    }

    private static void copyAudio(ModelFiles files, AtomicFolder out) throws IOException {
        if (files.speechEncoder().isPresent()) out.copy(files.speechEncoder().get(), TOKENIZER, file -> true);
        if (files.speechDecoder().isPresent()) out.copy(files.speechDecoder().get(), DECODER, file -> true);
    }

    private static void convertAudio(ModelFiles files, AtomicFolder out, AudioConversion conversion)
            throws IOException {
        if (files.speechEncoder().isPresent()) {
            Path part = files.speechEncoder().get();
            FolderConversion.requireOriginal(part);
            out.copy(part, TOKENIZER, file -> !FolderConversion.isWeight(file));
            try (Checkpoint checkpoint = SafetensorsFolder.open(part)) {
                conversion.write(checkpoint, name -> true, out.folder(TOKENIZER).resolve(WeightFiles.GGUF));
            }
        }
        if (files.speechDecoder().isPresent()) {
            Path part = files.speechDecoder().get();
            out.copy(part, DECODER, file -> !AudioConversion.isSpeechDecoderWeight(file));
            conversion.speechDecoder(part, out.folder(DECODER));
        }
    }

    private static void languageModel(Path source, String name, Quantisation quantisation, FolderConversion conversion)
            throws IOException {
        FolderConversion.requireOriginal(source);
        JsonFile json = ChatGlm.read(source);
        TransformerConfig config = ChatGlm.config(json);
        Tokenizer tokenizer = Tokenizer.open(source, VoiceVocabulary.GLM_4_VOICE_9B);
        TokenSpace tokens =
                Glm4VoiceTokens.of(tokenizer, json, config.vocabulary()).space();
        Map<String, GgufValue> keys =
                ModelKeys.of(Architecture.CHATGLM, config, tokens, Glm4VoiceTokens.INTERLEAVE, name, quantisation);
        keys.putAll(VocabularyKeys.of(Architecture.CHATGLM, tokenizer, config.vocabulary()));
        conversion.out().copy(source, "lm", file -> !FolderConversion.isWeight(file));
        try (Checkpoint checkpoint = SafetensorsFolder.open(source)) {
            conversion.languageModel(checkpoint, ChatGlm.originalNames(json, checkpoint), keys, "lm");
        }
    }
}
