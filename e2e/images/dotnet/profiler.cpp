// Stands in for the profiler of OpenTelemetry's agent: says which class CoreCLR asked it for, and that it was
// initialized. CoreCLR calls it through COM's tables of functions, which are spelled out here.
#include <cstdint>
#include <cstdio>
#include <initializer_list>

namespace {

struct Guid {
  uint32_t a;
  uint16_t b, c;
  uint8_t d[8];
};

// The tables of IClassFactory and ICorProfilerCallback11 with what comes after it.
constexpr int FACTORY = 5, CALLBACKS = 160;
constexpr int QUERY_INTERFACE = 0, ADD_REF = 1, RELEASE = 2, CREATE_INSTANCE = 3, INITIALIZE = 3;

struct Object {
  void** functions;
};

void* factoryFunctions[FACTORY];
void* callbackFunctions[CALLBACKS];
Object factory = {factoryFunctions};
Object callback = {callbackFunctions};

int32_t nothing() { return 0; }
uint32_t count(Object*) { return 1; }

int32_t queryInterface(Object* self, const Guid*, void** out) {
  *out = self;
  return 0;
}

int32_t createInstance(Object*, void*, const Guid*, void** out) {
  *out = &callback;
  return 0;
}

int32_t initialize(Object*, void*) {
  std::fputs("stand-in for the profiler: initialized\n", stderr);
  return 0;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int32_t DllGetClassObject(const Guid* id, const Guid*, void** out) {
  std::fprintf(stderr, "stand-in for the profiler: asked for class %08X-%04X-%04X\n", id->a, id->b, id->c);
  for (void*& function : factoryFunctions) function = reinterpret_cast<void*>(nothing);
  for (void*& function : callbackFunctions) function = reinterpret_cast<void*>(nothing);
  for (Object* object : {&factory, &callback}) {
    object->functions[QUERY_INTERFACE] = reinterpret_cast<void*>(queryInterface);
    object->functions[ADD_REF] = reinterpret_cast<void*>(count);
    object->functions[RELEASE] = reinterpret_cast<void*>(count);
  }
  factoryFunctions[CREATE_INSTANCE] = reinterpret_cast<void*>(createInstance);
  callbackFunctions[INITIALIZE] = reinterpret_cast<void*>(initialize);
  *out = &factory;
  return 0;
}

extern "C" __attribute__((visibility("default"))) int32_t DllCanUnloadNow() { return 1; }
