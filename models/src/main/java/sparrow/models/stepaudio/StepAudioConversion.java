package sparrow.models.stepaudio;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.TransformerConfig;
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
import sparrow.models.gguf.Quantisations;
import sparrow.models.gguf.VocabularyKeys;
import sparrow.models.weights.AtomicFolder;

/**
 * Converts a Step-Audio-2 folder to a folder with the language model in GGUF. The audio encoder is written to a
 * separate file, because the published safetensors contain it together with the language model.
 */
final class StepAudioConversion {
    private StepAudioConversion() {}

    /** Implements {@link sparrow.models.family.Family#convert}. */
    static List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener)
            throws IOException {
        FolderConversion.requireOriginal(folder);
        ModelFiles files = StepAudioFolder.files(folder, heads);
        StepAudioConfig sizes = StepAudioConfig.read(folder);
        TransformerConfig config = sizes.transformer();
        Tokenizer tokenizer = Tokenizer.openByteLevel(folder);
        TokenSpace tokens =
                StepAudioTokens.of(tokenizer, config.vocabulary(), folder).space();
        Map<String, GgufValue> keys = ModelKeys.of(
                Architecture.QWEN2,
                config,
                tokens,
                StepAudioTokens.INTERLEAVE,
                ModelCard.read(folder).name(),
                quantisations.languageModel());
        keys.putAll(VocabularyKeys.of(Architecture.QWEN2, tokenizer, config.vocabulary()));
        try (AtomicFolder out = AtomicFolder.begin(to);
                Checkpoint checkpoint = SafetensorsFolder.open(folder)) {
            FolderConversion conversion = new FolderConversion(out, quantisations.languageModel(), listener);
            boolean sameAudio = quantisations.audio().matrices().isEmpty();
            out.copy(folder, "", file -> isCopied(file) && (sameAudio || !isSpeechDecoderWeight(file)));
            conversion.languageModel(checkpoint, Qwen2.originalNames(sizes.text(), checkpoint), keys, "");
            if (sameAudio) copyAudio(checkpoint, out);
            else convertAudio(checkpoint, files, out, new AudioConversion(quantisations.audio(), listener));
            conversion.heads(files);
            out.finish();
            return conversion.keptInF16();
        }
    }

    /** Returns whether a file is copied unchanged. Heads and the language model's weights are not copied. */
    private static boolean isCopied(Path file) {
        if (file.startsWith(StepAudioFolder.TOKEN2WAV)) return true;
        return !file.startsWith("heads") && !FolderConversion.isWeight(file);
    }

    private static boolean isSpeechDecoderWeight(Path file) {
        return Path.of(StepAudioFolder.TOKEN2WAV).equals(file.getParent())
                && AudioConversion.isSpeechDecoderWeight(file);
    }

    private static boolean isAudioEncoder(String tensor) {
        return tensor.startsWith("encoder.") || tensor.startsWith("adapter.");
    }

    private static void copyAudio(Checkpoint from, AtomicFolder out) throws IOException {
        AudioConversion.copy(
                from, StepAudioConversion::isAudioEncoder, out.path().resolve(StepAudioFolder.AUDIO_ENCODER));
    }

    private static void convertAudio(Checkpoint from, ModelFiles files, AtomicFolder out, AudioConversion conversion)
            throws IOException {
        conversion.write(
                from, StepAudioConversion::isAudioEncoder, out.path().resolve(StepAudioFolder.AUDIO_ENCODER_GGUF));
        if (files.speechDecoder().isPresent()) {
            conversion.speechDecoder(files.speechDecoder().get(), out.folder(StepAudioFolder.TOKEN2WAV));
        }
    }
}
