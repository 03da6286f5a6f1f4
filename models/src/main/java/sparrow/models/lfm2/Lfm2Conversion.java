package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
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
 * Converts an LFM2.5-Audio folder to a folder with the language model in GGUF. The published safetensors contain the
 * language model, the depth decoder and the audio encoder. The conversion writes them to separate files, with the depth
 * decoder in the language model's type.
 */
public final class Lfm2Conversion {
    private Lfm2Conversion() {}

    /**
     * Implements {@link sparrow.models.family.Family#convert}.
     *
     * @param out the folder to write to, which the caller finishes
     */
    public static List<TensorDescription> convert(
            Path folder,
            Optional<Path> heads,
            Quantisations quantisations,
            AtomicFolder out,
            ConversionListener listener)
            throws IOException {
        FolderConversion.requireOriginal(folder);
        ModelFiles files = Lfm2Folder.files(folder, heads);
        Lfm2Config config = Lfm2Config.read(folder);
        String name = ModelCard.read(folder).name();
        Tokenizer tokenizer = Tokenizer.openByteLevel(folder);
        FolderConversion conversion = new FolderConversion(out, quantisations.languageModel(), listener);
        boolean sameAudio = quantisations.audio().matrices().isEmpty();
        out.copy(
                folder,
                "",
                file -> !file.startsWith("heads")
                        && (!FolderConversion.isWeight(file) || sameAudio && file.startsWith(Lfm2Folder.DETOKENIZER)));
        try (Checkpoint checkpoint = SafetensorsFolder.open(folder)) {
            TransformerConfig sizes = Lfm2Backbone.config(config, checkpoint);
            Lfm2Tokens.of(tokenizer, sizes.vocabulary(), folder);
            Map<String, GgufValue> keys = ModelKeys.lfm2(
                    sizes,
                    config.attends(),
                    config.backbone().positive("conv_L_cache"),
                    name,
                    quantisations.languageModel());
            keys.putAll(VocabularyKeys.of(Architecture.LFM2, tokenizer, sizes.vocabulary()));
            conversion.languageModel(checkpoint, Lfm2Backbone.originalNames(config), keys, "");
            conversion.part("depth-decoder", checkpoint, depthDecoder(checkpoint), "", Lfm2Folder.DEPTH_DECODER);
            if (sameAudio) copyAudio(checkpoint, out);
            else convertAudio(checkpoint, files, out, new AudioConversion(quantisations.audio(), listener));
        }
        conversion.heads(files);
        return conversion.keptInF16();
    }

    /**
     * Returns the names of the depth decoder's tensors and of the code embedding, keyed by their names in the new file.
     */
    private static SequencedMap<String, String> depthDecoder(Checkpoint checkpoint) {
        SequencedMap<String, String> names = new LinkedHashMap<>();
        checkpoint.names().stream()
                .filter(tensor -> tensor.startsWith("depth") || tensor.equals(Lfm2Family.CODE_EMBEDDING))
                .sorted()
                .forEach(tensor -> names.put(DepthDecoder.shortName(tensor), tensor));
        return names;
    }

    private static boolean isAudioEncoder(String tensor) {
        return tensor.startsWith("conformer.") || tensor.startsWith("audio_adapter.");
    }

    private static void copyAudio(Checkpoint from, AtomicFolder out) throws IOException {
        AudioConversion.copy(from, Lfm2Conversion::isAudioEncoder, out.path().resolve(Lfm2Folder.AUDIO_ENCODER));
    }

    private static void convertAudio(Checkpoint from, ModelFiles files, AtomicFolder out, AudioConversion conversion)
            throws IOException {
        conversion.write(from, Lfm2Conversion::isAudioEncoder, out.path().resolve(Lfm2Folder.AUDIO_ENCODER_GGUF));
        try (Checkpoint detokenizer =
                SafetensorsFolder.open(files.speechDecoder().orElseThrow())) {
            conversion.write(
                    detokenizer,
                    name -> true,
                    out.folder(Lfm2Folder.DETOKENIZER).resolve("model.gguf"));
        }
    }
}
