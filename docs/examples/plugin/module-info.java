module com.example.quill {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      com.example.quill.QuillPlugin;
}
