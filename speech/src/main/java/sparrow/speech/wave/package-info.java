/**
 * Audio samples. A {@link Waveform} is one channel with its sample rate. {@link Waveform#at} resamples a waveform;
 * {@link StreamingResampler} resamples a signal that is still arriving. {@link WavFile} reads and writes WAV files, and
 * {@link G711} encodes and decodes telephone audio.
 */
package sparrow.speech.wave;
