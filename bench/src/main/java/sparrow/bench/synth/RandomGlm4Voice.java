package sparrow.bench.synth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import sparrow.models.family.ModelCard;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.glm4voice.DecoderConfigs;
import sparrow.models.glm4voice.Glm4VoicePrompts;
import sparrow.models.glm4voice.VoiceVocabulary;
import sparrow.models.glm4voice.WhisperVqConfigs;
import sparrow.models.weights.AtomicFolder;

/**
 * Writes a GLM-4-Voice folder with random weights, the sizes of the published model, and the layout of a converted
 * model.
 */
final class RandomGlm4Voice {
    private RandomGlm4Voice() {}

    /**
     * The sizes of the networks in a folder.
     *
     * @param model the language model
     * @param vocabulary the added tokens
     * @param languageModel format string of its {@code config.json}, with the number of layers as argument
     * @param speechTokenizer {@code config.json} of the speech tokenizer
     * @param speechDecoder {@code config.yaml} of the speech decoder
     */
    record Sizes(
            PublishedModel model,
            VoiceVocabulary vocabulary,
            String languageModel,
            String speechTokenizer,
            String speechDecoder) {
        static Sizes published(PublishedModel model) {
            return new Sizes(
                    model,
                    VoiceVocabulary.GLM_4_VOICE_9B,
                    Glm4VoiceFiles.LANGUAGE_MODEL,
                    Glm4VoiceFiles.SPEECH_TOKENIZER,
                    Glm4VoiceFiles.SPEECH_DECODER);
        }
    }

    /** Writes a folder as described in {@link SynthCommand}. */
    static void write(
            Sizes sizes, int layers, Quantisation quantisation, long seed, Path to, ConversionListener listener)
            throws IOException {
        PublishedModel model = sizes.model();
        try (AtomicFolder folder = AtomicFolder.begin(to)) {
            Path lm = folder.folder("lm");
            RandomLanguageModel.write(
                    model, layers, quantisation, seed, lm, folder.path().resolve("heads"), listener);
            Files.writeString(lm.resolve("config.json"), String.format(Locale.ROOT, sizes.languageModel(), layers));
            Files.writeString(lm.resolve("generation_config.json"), Glm4VoiceFiles.GENERATION);
            VoiceVocabulary vocabulary = sizes.vocabulary();
            SyntheticFiles.tiktoken(
                    lm,
                    new SyntheticBytePairs(
                            vocabulary.textTokens(),
                            List.of(Glm4VoicePrompts.SPOKEN, Glm4VoicePrompts.TYPED, Glm4VoicePrompts.OPENING)),
                    vocabulary.addedTokens(),
                    "ChatGLM4Tokenizer");
            speechTokenizer(sizes.speechTokenizer(), folder.folder("tokenizer"), seed, listener);
            speechDecoder(sizes.speechDecoder(), folder.folder("decoder"), seed, listener);
            ModelCard.writeNamed(folder.path(), model.name() + " of random weights");
            folder.finish();
        }
    }

    private static void speechTokenizer(String config, Path folder, long seed, ConversionListener listener)
            throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        Files.writeString(folder.resolve("preprocessor_config.json"), Glm4VoiceFiles.FEATURES);
        RandomFile.safetensors(
                folder.resolve("model.safetensors"),
                Glm4VoiceTensors.speechTokenizer(WhisperVqConfigs.config(folder)),
                seed,
                listener);
    }

    private static void speechDecoder(String config, Path folder, long seed, ConversionListener listener)
            throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, config);
        DecoderConfigs sizes = DecoderConfigs.read(file);
        RandomFile.safetensors(folder.resolve("flow.safetensors"), Glm4VoiceTensors.flow(sizes.flow()), seed, listener);
        RandomFile.safetensors(folder.resolve("hift.safetensors"), HiftTensors.of(sizes.hift()), seed, listener);
    }
}
