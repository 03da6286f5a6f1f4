/**
 * A server for spoken conversations. It supports OpenAI's Chat Completions with audio, OpenAI's Realtime protocol, and
 * a page that uses the microphone. The model processes many conversations in one batch.
 */
package sparrow.server;
