/**
 * Sound as numbers. A {@link Waveform} is one channel of samples with its rate, {@link Waveform#at} resamples it
 * ({@link StreamingResampler} one that is still coming in), and {@link WavFile} reads and writes WAV files.
 * {@link G711} is the code of telephones. The package knows neither features nor models.
 */
package sparrow.speech.wave;
