package sparrow.study.scoring;

import java.nio.file.Path;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.folder.FileDigest;

/**
 * An utterance and the scores to determine.
 *
 * @param sha256 digest of the WAV file
 * @param wantsTranscript whether a transcript is required
 * @param wantsMos whether opinion scores are required
 * @param wav content of the WAV file
 */
public record Clip(String sha256, boolean wantsTranscript, boolean wantsMos, byte[] wav) {
    /** Creates a clip from a WAV file in memory. */
    public static Clip of(byte[] wav, boolean wantsTranscript, boolean wantsMos) {
        return new Clip(FileDigest.sha256(wav), wantsTranscript, wantsMos, wav);
    }

    Waveform waveform() {
        return WavFile.read(wav, Path.of(sha256 + ".wav"));
    }
}
