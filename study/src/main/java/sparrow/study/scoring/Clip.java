package sparrow.study.scoring;

import java.nio.file.Path;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.folder.FileDigest;

/**
 * A piece of speech and the scores of it that are wanted.
 *
 * @param sha256 digest of its WAV file
 * @param wantsTranscript whether it is to be transcribed
 * @param wantsMos whether its opinion scores are to be predicted
 * @param wav the file
 */
public record Clip(String sha256, boolean wantsTranscript, boolean wantsMos, byte[] wav) {
    /** A clip of a file in memory. */
    public static Clip of(byte[] wav, boolean wantsTranscript, boolean wantsMos) {
        return new Clip(FileDigest.sha256(wav), wantsTranscript, wantsMos, wav);
    }

    Waveform waveform() {
        return WavFile.read(wav, Path.of(sha256 + ".wav"));
    }
}
